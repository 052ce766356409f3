/** A process whose worker threads write: prints how many writes were accepted, and lives through all their ends. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const { scenario, way, path, traceId = 't1', count = 500, times = 1 } = JSON.parse(process.argv[2]);

function start(id) {
  const shared = new SharedArrayBuffer(4);
  const worker = new Worker(new URL('worker.mjs', import.meta.url), {
    workerData: { path, way, traceId: id, count, shared },
  });
  const errors = [];
  worker.on('error', (error) => errors.push(error.message));
  const accepted = () => Atomics.load(new Int32Array(shared), 0);
  // Not `once`, which an 'error' would reject.
  const exited = new Promise((resolve) => {
    worker.on('exit', (code) => resolve({ code, errors, accepted: accepted() }));
  });
  return { worker, exited, accepted };
}

async function terminated({ worker, exited, accepted }) {
  while (accepted() < count) await sleep(1);
  await worker.terminate();
  return exited;
}

const SCENARIOS = {
  ends: () => start(traceId).exited,
  terminated: () => terminated(start(traceId)),
  async 'terminated with promises pending'() {
    const outcomes = [];
    for (let n = 0; n < times; n++) {
      const started = start(`t${n}`);
      await once(started.worker, 'message');
      await started.worker.terminate();
      outcomes.push(await started.exited);
    }
    return outcomes;
  },
  async 'one after another'() {
    const outcomes = [];
    for (let n = 0; n < times; n++) outcomes.push(await start(`t${n}`).exited);
    return outcomes;
  },
  'at the same time': () => Promise.all(Array.from({ length: times }, (_, n) => start(`t${n}`).exited)),
  /** The addon stays loaded in the main thread while workers come and go. */
  async 'beside the main thread'() {
    const { SqliteTraceStore } = await import('tracestore');
    const { numberedSpan } = await import('./spans.mjs');
    const store = new SqliteTraceStore({ path });
    const workers = Promise.all(Array.from({ length: times }, (_, n) => start(`t${n}`).exited));
    for (let n = 0; n < count; n++) {
      await store.addSpan(numberedSpan(n, { traceId: 'main' }));
      if (n % 50 === 0) await store.getSpans('main');
    }
    return workers;
  },
  async 'the process exits over a worker'() {
    const started = start(traceId);
    while (started.accepted() < count) await sleep(1);
    process.on('exit', () => console.log(JSON.stringify({ accepted: started.accepted() })));
    process.exit(6);
  },
};

console.log(JSON.stringify(await SCENARIOS[scenario]()));
