/** Writes spans and prints the number of each once its promise has resolved, which is what must survive anything. */
import { writeSync } from 'node:fs';
import { SqliteTraceStore } from 'tracestore';
import { minimalTrace, numberedSpan } from './spans.mjs';

const { path, traceId, from = 0, count = Infinity, bytes, options } = JSON.parse(process.argv[2]);
const store = new SqliteTraceStore({ path, ...options });

/** Synchronous, so that a number is out before anything else happens. */
async function print(n, written) {
  await written;
  writeSync(1, `${n}\n`);
}

if (from === 0) await store.startTrace(minimalTrace(traceId));
// Seven at a time: neighbours in one commit, and more than one commit.
for (let n = from; n < from + count; n += 7) {
  const written = [];
  for (let i = n; i < Math.min(n + 7, from + count); i++) {
    written.push(print(i, store.addSpan(numberedSpan(i, { traceId, bytes }))));
  }
  await Promise.all(written);
}
await store.close();
