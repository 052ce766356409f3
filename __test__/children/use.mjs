/** Uses a store step by step, perhaps as another user, and prints what came of each step: a number, or the error. */
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { options, steps, asNobody, target } = JSON.parse(process.argv[2]);
if (asNobody && process.getuid() === 0) await becomeNobody();
const store = new SqliteTraceStore(options);

const STEPS = {
  async write() {
    await store.addSpan(numberedSpan(0));
    return 1;
  },
  read: async () => (await store.getSpans('t1')).length,
  info: async () => (await store.info()).counts.spans,
  backup: async () => (await store.backup(target)).fileBytes,
  /** What a crash leaves: a log that nobody copied into the file. */
  die: () => process.kill(process.pid, 'SIGKILL'),
};

/** From here on this process may do what any user may; root is kept from nothing. */
async function becomeNobody() {
  // The addon first, which may lie where only root can read.
  await new SqliteTraceStore({ path: ':memory:' }).info();
  process.setgroups([]);
  process.setgid(65534);
  process.setuid(65534);
}

const results = [];
for (const step of steps) {
  results.push(await STEPS[step]().catch(({ code, message }) => ({ code, message })));
}
await store.close();
console.log(JSON.stringify(results));
