/** Uses a store while this process has no free descriptor left, and prints what comes of each use. */
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { path, other } = JSON.parse(process.argv[2]);
/** Longer than the store goes without looking. */
const A_WHILE_MS = 300;

const outcome = (promise) =>
  promise.then(
    () => 'done',
    ({ code, message }) => ({ code, message }),
  );

const store = new SqliteTraceStore({ path });
const late = new SqliteTraceStore({ path: other });
await store.addSpan(numberedSpan(0));
await store.getSpans('t1');

const taken = [];
let full = '';
while (full === '') {
  try {
    taken.push(openSync('/dev/null'));
  } catch ({ code }) {
    full = code;
  }
}
await sleep(A_WHILE_MS);
const during = [await outcome(store.addSpan(numberedSpan(1))), await outcome(store.getSpans('t1'))];
// Too few for the file, its log and its index together, whatever was opened up to there.
const opening = [];
for (let free = 0; free < 8; free++) {
  opening.push(await outcome(late.addSpan(numberedSpan(0))));
  closeSync(taken.pop());
}
for (const descriptor of taken) closeSync(descriptor);
await sleep(A_WHILE_MS);
const after = [
  await outcome(store.addSpan(numberedSpan(2))),
  await outcome(store.getSpans('t1')),
  await outcome(late.addSpan(numberedSpan(0))),
];
await store.close();
await late.close();
console.log(JSON.stringify({ full, during, opening, after }));
