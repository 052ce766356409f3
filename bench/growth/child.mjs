// Fills one store step by step in a process of its own and prints a line of JSON per step. Arguments: contender, whole or common calls, folder, steps, [folder of data]; needs --expose-gc.
import { copies, readConversations } from '../shared/corpus.mjs';
import { bytesIn } from '../shared/disk.mjs';
import { commonCalls } from '../peers/work.mjs';

const CHUNK = 2_000; // made while no clock runs

const [name, what, folder, steps, data] = process.argv.slice(2);
const { open } = await import(`../peers/contenders/${name}.mjs`);
const conversations = readConversations(data || undefined);
const calls = copies(what === 'common' ? commonCalls(conversations) : conversations);
const store = await open(folder);
const empty = residentBytes();
let spans = 0;
for (const step of steps.split(',').map(Number)) console.log(JSON.stringify(await grow(step)));
await store.close();

/** Adds calls until that many spans were handed over; the rate is that of this step alone. */
async function grow(until) {
  const before = spans;
  const cpuBefore = process.cpuUsage();
  let madeCpu = 0;
  let ms = 0;
  while (spans < until) {
    const cpu = process.cpuUsage();
    const chunk = store.prepare(take(until));
    madeCpu += total(process.cpuUsage(cpu));
    const start = performance.now();
    await store.write(chunk);
    ms += performance.now() - start;
  }
  const added = spans - before;
  return {
    spans,
    perSecond: (added / ms) * 1_000,
    cpuUs: (total(process.cpuUsage(cpuBefore)) - madeCpu) / added,
    fileBytes: bytesIn(folder),
    ...memory(),
  };
}

function memory() {
  const rssBytes = residentBytes();
  return { rssBytes, addedRssBytes: rssBytes - empty };
}

/** Without the garbage of making the data, which comes and goes. */
function residentBytes() {
  globalThis.gc();
  return process.memoryUsage().rss;
}

function take(until) {
  const chunk = [];
  while (chunk.length < CHUNK && spans < until) {
    const call = calls.next().value;
    if (call.op === 'addSpan') spans += 1;
    chunk.push(call);
  }
  return chunk;
}

function total({ user, system }) {
  return user + system;
}
