/** Opens a store's file by something else in the same process, after the store did, and prints what comes of each use. */
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { path, by } = JSON.parse(process.argv[2]);
/** Longer than the store goes without looking. */
const A_WHILE_MS = 300;

/** Each returns what closes it again. */
const INTRUDERS = {
  'a plain descriptor'() {
    const descriptor = openSync(path, 'r');
    return () => closeSync(descriptor);
  },
  /** One of the benchmarks' peers. */
  'better-sqlite3'() {
    const require = createRequire(new URL('../../bench/package.json', import.meta.url));
    return readBy(new (require('better-sqlite3'))(path));
  },
  'node:sqlite': () => readBy(new (process.getBuiltinModule('node:sqlite').DatabaseSync)(path)),
};

function readBy(database) {
  database.prepare('select count(*) from span').get();
  return () => database.close();
}

const outcome = (promise) =>
  promise.then(
    () => 'done',
    ({ code, message }) => ({ code, message }),
  );

const store = new SqliteTraceStore({ path });
const before = await outcome(store.addSpan(numberedSpan(0)));
const leave = INTRUDERS[by]();
await sleep(A_WHILE_MS);
const during = [
  await outcome(store.addSpan(numberedSpan(1))),
  await outcome(store.addSpan(numberedSpan(2))),
  await outcome(store.getSpans('t1')),
  await outcome(new SqliteTraceStore({ path }).addSpan(numberedSpan(3))),
];
leave();
const after = [await outcome(store.addSpan(numberedSpan(1))), await outcome(store.getSpans('t1'))];
await store.close();
console.log(JSON.stringify({ before, during, after }));
