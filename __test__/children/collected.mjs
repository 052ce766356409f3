/** Makes stores that are never closed, and lets them be collected. Needs --expose-gc. */
import { setImmediate as tick } from 'node:timers/promises';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { path, awaited, stores } = JSON.parse(process.argv[2]);
let collected = 0;
const registry = new FinalizationRegistry(() => collected++);

async function abandon(n) {
  const store = new SqliteTraceStore({ path });
  registry.register(store);
  const written = store.addSpan(numberedSpan(n));
  if (awaited) await written;
}

for (let n = 0; n < stores; n++) await abandon(n);
for (let turn = 0; turn < 50 && collected < stores; turn++) {
  globalThis.gc();
  await tick();
}
// Others go on undisturbed.
await new SqliteTraceStore({ path }).getSpans('t1');
console.log(collected > 0);
