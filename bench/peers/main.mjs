// Compares tracestore with what a user would pick instead and that needs a newer Node or a server: node:sqlite, Mastra's stores, Arize Phoenix.
// usage: npm run bench -- peers [--copies 5] [--rounds 3] [--only tracestore,node-sqlite,mastra-libsql,mastra-duckdb,phoenix]
//        [--data folder-with-convert.mjs] [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { roundOptions } from '../shared/options.mjs';
import { progress, tellEstimate } from '../shared/progress.mjs';
import { about, publish } from '../shared/publish.mjs';
import { mediansOf } from '../shared/table.mjs';
import { CONTENDERS } from './contenders.mjs';
import { install } from './install.mjs';
import { reportLines, shortLines } from './report.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
/** Seconds for a round on the 2-core machine of RESULTS.md: to start, and per copy of the data. */
const SECONDS = {
  tracestore: [2, 1],
  'node-sqlite': [2, 1],
  'mastra-libsql': [3, 1],
  'mastra-duckdb': [5, 4],
  phoenix: [65, 18],
};

const options = roundOptions(CONTENDERS, { copies: 5, rounds: 3 });
const { node, version, versions, missing } = await install(options.only);
const names = options.only.filter((name) => !missing[name]);
const scratch = mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  tellEstimate(
    names.reduce((sum, name) => sum + SECONDS[name][0] + SECONDS[name][1] * options.copies, 0) *
      options.rounds,
  );
  const rounds = measure();
  const measured = Object.entries(rounds).filter(([name]) => !missing[name]);
  const results = Object.fromEntries(measured.map(([name, list]) => [name, mediansOf(list)]));
  publish({
    name: 'peers',
    facts: { ...about(versions), node: version },
    lines: reportLines({ results, missing, rounds: options.rounds }),
    short: shortLines({ results, missing }),
    figures: { results, rounds, missing },
    asked: options.publish,
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Rounds A B C A B C, each in a process of its own under the same Node; a contender that fails is said to have failed. */
function measure() {
  const rounds = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const name of names.filter((one) => !missing[one])) {
      progress(`round ${round}/${options.rounds}, ${CONTENDERS[name].label}`);
      const args = ['--expose-gc', CHILD, name, scratch, String(options.copies), options.data ?? ''];
      const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8' });
      if (status === 0) rounds[name].push(JSON.parse(stdout.trim().split('\n').at(-1)));
      else missing[name] = failure(name, stderr);
    }
  }
  progress('');
  return rounds;
}

function failure(name, stderr) {
  console.error(`bench: ${name} failed:\n${stderr}`);
  if (name === 'tracestore') process.exitCode = 1;
  return /^\w*Error.*$/m.exec(stderr)?.[0].replace(/:$/, '').slice(0, 200) ?? 'it failed';
}
