/**
 * A process of actors: one on its main thread, the others on worker threads. Told by messages
 * `{ id, actor, act, args }`, each answered by `{ id, result }`.
 */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Actor } from './actor.mjs';

const own = new Actor();

async function perform({ id, act, args }) {
  return { id, result: await own[act](...args) };
}

if (isMainThread) {
  const threads = Number(process.argv[2]);
  const workers = Array.from({ length: threads - 1 }, () => new Worker(new URL(import.meta.url)));
  for (const worker of workers) worker.on('message', (answer) => process.send(answer));
  process.on('message', async (message) => {
    if (message.actor === 0) process.send(await perform(message));
    else workers[message.actor - 1].postMessage(message);
  });
  process.on('disconnect', () => process.exit());
} else {
  parentPort.on('message', async (message) => parentPort.postMessage(await perform(message)));
}
