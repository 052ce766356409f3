/**
 * Writes until it is killed, in batches of seven, two of them under way at a time, and prints the number of each write
 * once its promise has resolved. Everything that is written follows from its number.
 */
import { writeSync } from 'node:fs';
import { SqliteTraceStore } from 'tracestore';
import { minimalTrace, numberedSpan } from './spans.mjs';

const { path, traceId, from, bytes, count = Infinity } = JSON.parse(process.argv[2]);
const store = new SqliteTraceStore({ path });

/** Synchronous, so that a number is out before anything else happens. */
async function print(n, written) {
  await written;
  writeSync(1, `${n}\n`);
}

/** One tick, one batch. */
function batch(start) {
  const written = [];
  for (let n = start; n < start + 7; n++) {
    written.push(print(n, store.addSpan(numberedSpan(n, { traceId, bytes }))));
  }
  return Promise.all(written);
}

if (from === 0) await store.startTrace(minimalTrace(traceId));
let before;
for (let start = from; start < from + count; start += 7) {
  const now = batch(start);
  await before;
  before = now;
}
await before;
await store.close();
