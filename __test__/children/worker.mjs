/** A worker thread that writes spans into a trace of its own and ends in the way it is told. */
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { path, way, traceId, count, shared } = workerData;
/** How many writes were accepted: what the main thread can see even if this thread never yields again. */
const accepted = new Int32Array(shared);
const store = new SqliteTraceStore({ path });

function write(from, to) {
  for (let n = from; n < to; n++) {
    void store.addSpan(numberedSpan(n, { traceId }));
    Atomics.store(accepted, 0, n + 1);
  }
}

const WAYS = {
  ends: () => write(0, count),
  async 'closes and ends'() {
    write(0, count);
    await store.close();
  },
  exits() {
    write(0, count);
    process.exit(5);
  },
  'exits in a later tick'() {
    write(0, count);
    setImmediate(() => process.exit(5));
  },
  throws() {
    write(0, count);
    throw new Error('thrown on purpose');
  },
  'loops for ever after writing'() {
    write(0, count);
    for (;;);
  },
  'writes for ever': () => write(0, Infinity),
  'waits for ever after a tick'() {
    write(0, count);
    setInterval(() => {}, 1000);
  },
  'reads for ever'() {
    write(0, count);
    for (let n = 0; n < 20; n++) void store.getSpans(traceId);
    parentPort.postMessage('pending');
    for (;;);
  },
  'settles for ever'() {
    write(0, count);
    const alive = setInterval(() => {}, 1000);
    // In the next tick the batch is handed over and its settlement awaited.
    setImmediate(() => {
      parentPort.postMessage('pending');
      write(count, 2 * count);
      for (;;) if (!alive) break;
    });
  },
};

await WAYS[way]();
