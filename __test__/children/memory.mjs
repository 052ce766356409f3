/**
 * Does something very often and prints what the second half of it left behind: resident memory in MiB, descriptors.
 * Needs --expose-gc.
 */
import { readdirSync } from 'node:fs';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { scenario, path, count, options } = JSON.parse(process.argv[2]);

function residentMiB() {
  for (let turn = 0; turn < 3; turn++) globalThis.gc();
  return process.memoryUsage().rss / 2 ** 20;
}

/** `null` where the system doesn't list them. */
function descriptors() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}

/** Right after `residentMiB`, which collects garbage. */
const heapMiB = () => process.memoryUsage().heapUsed / 2 ** 20;

const tick = () => new Promise((resolve) => setImmediate(resolve));

const SCENARIOS = {
  /** Each on its own turn of the loop now and then, as an agent would; nobody awaits any. */
  async 'writes that nobody awaits'() {
    const [store, observer] = [0, 1].map(() => new SqliteTraceStore({ path, ...options }));
    await store.flush();
    await observer.info();
    console.log('ready');
    let [before, mostQueued, mostMiB, refused] = [0, 0, 0, 0];
    for (let n = 0; n < count; n++) {
      store.addSpan(numberedSpan(n, { bytes: 500 })).catch(() => refused++);
      if (n % 100 === 0) await tick();
      if (n % 2000 === 0) {
        mostQueued = Math.max(mostQueued, (await observer.info()).queuedBytes);
        if (n <= count / 2) before = residentMiB();
        else mostMiB = Math.max(mostMiB, residentMiB());
      }
    }
    console.log('written');
    await store.flush();
    const { droppedWrites, failedWrites, counts, queuedBytes } = await store.info();
    await Promise.all([store.close(), observer.close()]);
    return {
      mostQueued,
      grownMiB: mostMiB - before,
      droppedWrites,
      failedWrites,
      refused,
      counts,
      queuedBytes,
    };
  },

  /** No turn of the loop between them: promises can't settle meanwhile. */
  async 'writes in one turn'() {
    const store = new SqliteTraceStore({ path, ...options });
    await store.addSpan(numberedSpan(0));
    console.log('ready');
    const warm = count / 2;
    for (let n = 0; n < warm; n++) void store.addSpan(numberedSpan(n, { bytes: 500 }));
    const [before, heapBefore] = [residentMiB(), heapMiB()];
    for (let n = warm; n < count; n++) void store.addSpan(numberedSpan(n, { bytes: 500 }));
    const [grownMiB, heapGrownMiB] = [residentMiB() - before, heapMiB() - heapBefore];
    console.log('written');
    await store.flush();
    const { droppedWrites, failedWrites, counts } = await store.info();
    await store.close();
    return { grownMiB, heapGrownMiB, droppedWrites, failedWrites, counts };
  },

  /** Of a thousand traces, each with a conversation; reads now and then. */
  async spans() {
    const store = new SqliteTraceStore({ path, ...options });
    const write = async (from, to) => {
      for (let n = from; n < to; n += 500) {
        const ids = Array.from({ length: 500 }, (_, i) => n + i);
        await Promise.all(
          ids.map((i) => store.addSpan(numberedSpan(i, { traceId: `t${Math.floor(i / 1000)}`, bytes: 300 }))),
        );
        if (n % 10_000 === 0) await store.getSpans(`t${Math.floor(n / 1000)}`);
      }
    };
    const warm = count / 2;
    await write(0, warm);
    const [before, open] = [residentMiB(), descriptors()];
    await write(warm, count);
    const grownMiB = residentMiB() - before;
    const leaked = open === null ? null : descriptors() - open;
    const { counts } = await store.info();
    await store.close();
    return { grownMiB, leaked, counts };
  },

  async 'opens and closes'() {
    const cycle = async (n) => {
      const store = new SqliteTraceStore({ path, ...options });
      await store.addSpan(numberedSpan(n % 100));
      await store.getSpans('t1');
      await store.close();
    };
    const warm = count / 2;
    for (let n = 0; n < warm; n++) await cycle(n);
    const [before, open] = [residentMiB(), descriptors()];
    for (let n = warm; n < count; n++) await cycle(n);
    return { grownMiB: residentMiB() - before, leaked: open === null ? null : descriptors() - open };
  },
};

console.log(JSON.stringify(await SCENARIOS[scenario]()));
