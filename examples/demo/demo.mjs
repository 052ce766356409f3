// Shows tracestore at work: records real agent runs into one SQLite file and reads them back.
// usage: npm run demo [-- --file my.db] [-- --calls recording.jsonl]      (default: demo.db in the project's folder, made anew each time)
import { existsSync, rmSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SqliteTraceStore } from 'tracestore';
import { FIXTURE, readCalls } from '../../fixtures/calls.mjs';
import { bytes, count, heading, paint } from './format.mjs';
import { record } from './record.mjs';
import { printSessions, printTraces } from './lists.mjs';
import { pickTrace, printTree } from './tree.mjs';

const DEFAULT_FILE = fileURLToPath(new URL('../../demo.db', import.meta.url));

async function main() {
  const { file, calls } = readOptions();
  console.log(`\n${paint.bold('tracestore')} ${paint.dim('records what agents do into one SQLite file')}`);

  const store = new SqliteTraceStore({ path: file });
  const jsonBytes = await record(store, calls);

  await printSessions(store);
  await printTraces(store);
  await printTree(store, await pickTrace(store));

  const { counts } = await store.info();
  await store.close();
  printSize(file, jsonBytes, counts);
}

function readOptions() {
  const { values } = parseArgs({ options: { file: { type: 'string' }, calls: { type: 'string' } } });
  const file = values.file ? resolve(values.file) : DEFAULT_FILE;
  if (values.file && existsSync(file))
    fail(`${file} exists already. Name a new file, or delete this one first.`);
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  return { file, calls: readCalls(values.calls ?? FIXTURE) };
}

function printSize(file, jsonBytes, counts) {
  const fileBytes = statSync(file).size;
  const ratio = jsonBytes / fileBytes;
  const scale = 40 / Math.max(jsonBytes, fileBytes);
  const bar = (n) => '█'.repeat(Math.max(1, Math.round(n * scale)));
  const shown = relative(process.cwd(), file) || file;

  heading('Size');
  console.log(`  JSON taken in  ${paint.dim(bar(jsonBytes))} ${bytes(jsonBytes)}`);
  console.log(
    `  file on disk   ${paint.green(bar(fileBytes))} ${paint.bold(bytes(fileBytes))}  ${paint.dim(`1/${ratio.toFixed(1)}`)}`,
  );
  console.log(
    `\n  ${paint.bold(shown)} holds ${count(counts.traces, 'trace')} and ${count(counts.spans, 'span')}.`,
  );
  console.log(
    paint.dim(
      '  Agents resend the whole conversation with every call; tracestore keeps each piece of it once.\n',
    ),
  );
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

await main();
