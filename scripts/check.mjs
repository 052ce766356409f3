// Checks everything that must hold before a change is merged; `npm run check`, and the second half of `npm test`.
// usage: node scripts/check.mjs [words]      words pick steps by name: `npm run check -- clippy vitest`
/* oxlint-disable no-await-in-loop -- one after the other is the point */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NOTICES, notices } from './notices.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCRATCH = mkdtempSync(join(tmpdir(), 'tracestore-check-'));
const VITEST_REPORT = join(SCRATCH, 'vitest.json');
const PATH = [join(ROOT, 'node_modules', '.bin'), process.env.PATH, join(homedir(), '.cargo', 'bin')].join(
  delimiter,
);

// Output is shown later, and only if it is needed; a file or CI's log has no use for colours.
const PLAIN = process.stdout.isTTY
  ? {}
  : { NO_COLOR: '1', FORCE_COLOR: undefined, CARGO_TERM_COLOR: 'never' };

// A step is a command line, or a function that returns what is wrong ('' = nothing). `tests` counts the tests of a step.
const STEPS = [
  { name: 'format', command: 'oxfmt --check' },
  { name: 'lint', command: 'oxlint --type-aware --deny-warnings' },
  { name: 'types', command: 'tsc --noEmit' },
  { name: 'generated files', command: checkGenerated },
  { name: 'lock files', command: checkLockFiles },
  { name: 'cargo fmt', command: 'cargo fmt --check' },
  { name: 'cargo clippy', command: 'cargo clippy --quiet --all-targets -- -D warnings' },
  { name: 'cargo test', command: 'cargo test --no-fail-fast', tests: countRustTests },
  {
    name: 'vitest',
    command: `vitest run --reporter=default --reporter=json --outputFile.json=${VITEST_REPORT}`,
    tests: countVitestTests,
  },
];

async function main() {
  const words = process.argv.slice(2);
  const steps = STEPS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const total = { passed: 0, failed: 0 };
  for (const step of steps) {
    const { passed, failed } = await check(step);
    total.passed += passed;
    total.failed += failed;
  }
  rmSync(SCRATCH, { recursive: true, force: true });
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || steps.length === 0 ? 1 : 0;
}

/** Runs one step, prints its line and, when it fails, its output. A step that fails without a failed test counts as one failure. */
async function check({ name, command, tests }) {
  process.stdout.write(`${name.padEnd(16)}`);
  const startedAt = performance.now();
  const { ok, output } = typeof command === 'string' ? await runCommand(command) : report(command());
  const { passed, failed, skipped } = tests?.(output) ?? { passed: 0, failed: 0, skipped: 0 };
  const counts = tests
    ? `, ${passed} passed${failed ? `, ${failed} failed` : ''}${skipped ? `, ${skipped} skipped` : ''}`
    : '';
  console.log(
    `${ok ? 'ok' : 'FAILED'} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s${counts}`,
  );
  if (!ok) console.log(`\n${output.trimEnd()}\n`);
  return { passed, failed: ok ? failed : Math.max(1, failed) };
}

function runCommand(line) {
  return new Promise((resolve) => {
    const chunks = [];
    const child = spawn(line, {
      cwd: ROOT,
      env: { ...process.env, ...PLAIN, PATH },
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => chunks.push(Buffer.from(error.message)));
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}

function report(problem) {
  return { ok: problem === '', output: problem };
}

/** The notices are those of what the addons contain now. */
function checkGenerated() {
  try {
    if (readFileSync(join(ROOT, NOTICES), 'utf8') === notices()) return '';
  } catch (error) {
    return error.message;
  }
  return `${NOTICES} is not what the lock file gives: run \`node scripts/notices.mjs\` and commit it.`;
}

/** A registry's address in a lock file breaks installs that use another registry. */
function checkLockFiles() {
  const folders = ['', 'bench/', 'bench/peers/', 'examples/nextjs/'];
  const files = folders.map((folder) => `${folder}package-lock.json`);
  const bad = files.filter(
    (file) =>
      existsSync(join(ROOT, file)) && /"resolved":\s*"https?:/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  return bad.length === 0
    ? ''
    : `Registry addresses in ${bad.join(', ')}: make them again with the project's .npmrc.`;
}

function countRustTests(output) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(
    /test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/g,
  )) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  return counts;
}

/** A test file that does not even load has no tests in the report: it counts as one failure. */
function countVitestTests() {
  if (!existsSync(VITEST_REPORT)) return { passed: 0, failed: 0, skipped: 0 };
  const result = JSON.parse(readFileSync(VITEST_REPORT, 'utf8'));
  const unloaded = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + unloaded.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

await main();
