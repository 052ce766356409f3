/** Backs a store up, and ends while that is under way in the manner asked for. */
import { writeSync } from 'node:fs';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { SqliteTraceStore } from 'tracestore';

const { path, target, end } = isMainThread ? JSON.parse(process.argv[2]) : workerData;

if (isMainThread && end === 'terminate') {
  const worker = new Worker(new URL(import.meta.url), { workerData: { path, target, end } });
  await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
} else {
  const store = new SqliteTraceStore({ path });
  const copied = store.backup(target, { onProgress: () => ended() });
  // What the loop runs empty with is not awaited: only the job itself keeps the process alive.
  void copied.then(({ fileBytes }) => writeSync(1, `${fileBytes}\n`));
}

async function ended() {
  if (end === 'exit') process.exit();
  if (end === 'kill') process.kill(process.pid, 'SIGKILL');
  if (end === 'terminate') (await import('node:worker_threads')).parentPort.postMessage('copying');
}
