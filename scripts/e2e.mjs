// End-to-end tests of the packed tarball in real projects; `npm run e2e -- jest next-webpack` runs two parts of them.
import { rmSync } from 'node:fs';

import bundlers from './e2e/bundlers.mjs';
import documents from './e2e/documents.mjs';
import jest from './e2e/jest.mjs';
import missing from './e2e/missing.mjs';
import { next, standalone } from './e2e/next.mjs';
import nodeVersions from './e2e/node-versions.mjs';
import pack from './e2e/pack.mjs';
import { scratch } from './e2e/project.mjs';
import { killChildren } from './e2e/run.mjs';
import types from './e2e/types.mjs';
import vitest from './e2e/vitest.mjs';

const parts = {
  pack,
  documents,
  types,
  node: nodeVersions,
  missing,
  bundlers,
  jest,
  vitest,
  'next-turbopack': () => next(check, 'turbopack'),
  'next-webpack': () => next(check, 'webpack'),
  'standalone-turbopack': () => standalone(check, 'turbopack'),
  'standalone-webpack': () => standalone(check, 'webpack'),
};
const tally = { passed: 0, failed: 0 };

process.on('exit', () => {
  killChildren();
  rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`unknown part: ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(parts)) {
  console.log(`\n${name}`);
  // A part returns early when a step on which all later ones rest has failed: check() has counted it.
  await parts[name](check).catch((error) => report(false, `${name} could not go on`, error));
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed > 0 || tally.passed === 0 ? 1 : 0);

/** Runs one step; false when it failed. */
async function check(title, step) {
  const start = performance.now();
  try {
    await step();
    report(true, `${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    report(false, title, error);
    return false;
  }
}

function report(passed, title, error) {
  tally[passed ? 'passed' : 'failed'] += 1;
  console.log(`  ${passed ? 'ok  ' : 'FAIL'} ${title}`);
  if (!error) return;
  const place = /^ +at .*/m.exec(error.stack.replace(error.message, ''))?.[0] ?? '';
  console.log(`${error.message}\n${place}`.replace(/^/gm, '       '));
}
