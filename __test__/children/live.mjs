/** Starts a trace and a span, prints that they are committed, and then does what each line of its input says. */
import { createInterface } from 'node:readline';
import { SqliteTraceStore } from 'tracestore';
import { minimalTrace } from './spans.mjs';

const { path, traceId, spanId } = JSON.parse(process.argv[2]);
const store = new SqliteTraceStore({ path });

await store.startTrace(minimalTrace(traceId)).catch(({ code }) => code);
await store.startSpan({ traceId, spanId, kind: 'tool', name: 'search', input: 'in' });
console.log('started');

const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  const [act, ...rest] = JSON.parse(line);
  await store[act](...rest);
  console.log(act);
  if (act === 'close') process.stdin.destroy();
}
