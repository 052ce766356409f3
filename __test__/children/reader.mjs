/** Reads a file that others write until it is told to stop; whatever it sees must be whole and never get less. */
import { deepStrictEqual } from 'node:assert/strict';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { path, traceIds, readonly } = JSON.parse(process.argv[2]);
const store = new SqliteTraceStore({ path, readonly });
const seen = new Map(traceIds.map((traceId) => [traceId, 0]));
let stopped = false;
process.stdin.once('data', () => (stopped = true));

async function look(traceId) {
  const spans = await store.getSpans(traceId);
  if (spans.length < seen.get(traceId)) throw new Error(`${traceId} lost spans: ${spans.length} are left`);
  seen.set(traceId, spans.length);
  for (const [n, span] of spans.entries()) {
    deepStrictEqual(span, { schemaVersion: 1, ...numberedSpan(n, { traceId }) });
  }
}

let turns = 0;
while (!stopped) {
  await Promise.all(traceIds.map(look));
  const { traces, total } = await store.listTraces();
  if (traces.length !== total) throw new Error(`${traces.length} traces of ${total}`);
  if (turns++ === 0) console.log('reading');
}
process.stdin.destroy();
await Promise.all(traceIds.map(look));
await store.close();
console.log(JSON.stringify([...seen.values()]));
