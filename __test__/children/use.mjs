/** Uses a store step by step, perhaps as another user, and prints what came of each step: a number, or the error. */
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { options, steps } = JSON.parse(process.argv[2]);
const store = new SqliteTraceStore(options);

const STEPS = {
  async write() {
    await store.addSpan(numberedSpan(0));
    return 1;
  },
  read: async () => (await store.getSpans('t1')).length,
  info: async () => (await store.info()).counts.spans,
  /** What a crash leaves: a log that nobody copied into the file. */
  die: () => process.kill(process.pid, 'SIGKILL'),
};

const results = [];
for (const step of steps) {
  results.push(await STEPS[step]().catch(({ code, message }) => ({ code, message })));
}
await store.close();
console.log(JSON.stringify(results));
