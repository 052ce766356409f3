/** Holds a database file by something other than our store, then uses our store on it in the same process. */
import { closeSync, openSync } from 'node:fs';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { held, path } = JSON.parse(process.argv[2]);
const descriptor = openSync(held, 'r');
const store = new SqliteTraceStore({ path });
const attempts = [
  () => store.addSpan(numberedSpan(0)),
  () => store.getSpans('t1'),
  () => new SqliteTraceStore({ path, readonly: true }).getSpans('t1'),
];
const refused = [];
for (const attempt of attempts) {
  refused.push(await attempt().then(String, ({ code, message }) => ({ code, message })));
}
closeSync(descriptor);
await store.addSpan(numberedSpan(0));
console.log(JSON.stringify({ refused, spans: (await store.getSpans('t1')).length }));
