/** Uses one file through two copies of the package in one process, the second perhaps in a worker thread. */
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { numberedSpan } from './spans.mjs';

/** A store of the package in this folder. */
function storeOf(folder, path) {
  const { SqliteTraceStore } = createRequire(`${folder}/`)(folder);
  return new SqliteTraceStore({ path });
}

async function main({ path, folders, closesFirst, inWorker }) {
  const stores = [storeOf(folders[0], path), inWorker ? null : storeOf(folders[1], path)];
  const count = 20;
  for (let n = 0; n < count; n += 2) {
    await stores[0].addSpan(numberedSpan(n));
    await stores[1]?.addSpan(numberedSpan(n + 1));
  }
  if (inWorker) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { path, folder: folders[1], count } });
    const [seen] = await once(worker, 'message');
    await once(worker, 'exit');
    await stores[0].close();
    return [seen];
  }
  const seen = await Promise.all(stores.map(async (store) => (await store.getSpans('t1')).length));
  await stores[closesFirst].close();
  const last = stores[1 - closesFirst];
  await last.addSpan(numberedSpan(count));
  seen.push((await last.getSpans('t1')).length);
  await last.close();
  return seen;
}

async function work({ path, folder, count }) {
  const store = storeOf(folder, path);
  for (let n = 1; n < count; n += 2) await store.addSpan(numberedSpan(n));
  await store.addSpan(numberedSpan(count));
  parentPort.postMessage((await store.getSpans('t1')).length);
}

if (isMainThread) console.log(JSON.stringify(await main(JSON.parse(process.argv[2]))));
else await work(workerData);
