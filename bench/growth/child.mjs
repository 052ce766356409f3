// Fills one store step by step in a process of its own and prints a line of JSON per step. Arguments: ours or peer, file, steps, [folder of data]; needs --expose-gc.
import { statSync } from 'node:fs';
import { copies, readConversations } from '../shared/corpus.mjs';
import { openPeerWriter } from '../shared/peer-writer.mjs';
import { openOurs } from '../shared/stores.mjs';

const BATCH = 100;
const CHUNK = 2_000; // made while no clock runs

const [name, file, steps, data] = process.argv.slice(2);
const conversations = readConversations(data || undefined);
const writer = name === 'ours' ? oursWriter() : await openPeerWriter(file);
const calls = copies(conversations);
const empty = residentBytes();
let spans = 0;
for (const step of steps.split(',').map(Number)) console.log(JSON.stringify(await grow(step)));
await writer.close();

/** Adds calls until the store holds that many spans; the rate is that of this step alone. */
async function grow(until) {
  const before = spans;
  const cpuBefore = process.cpuUsage();
  let madeCpu = 0;
  let ms = 0;
  while (spans < until) {
    const cpu = process.cpuUsage();
    const chunk = take(until);
    madeCpu += total(process.cpuUsage(cpu));
    const start = performance.now();
    await writer.write(chunk);
    ms += performance.now() - start;
  }
  const added = spans - before;
  return {
    spans,
    perSecond: (added / ms) * 1_000,
    cpuUs: (total(process.cpuUsage(cpuBefore)) - madeCpu) / added,
    fileBytes: size(file) + size(`${file}-wal`),
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

function oursWriter() {
  const store = openOurs(file);
  return {
    write: async (chunk) => {
      for (let i = 0; i < chunk.length; i += BATCH)
        await Promise.all(chunk.slice(i, i + BATCH).map(({ op, args }) => store[op](...Object.values(args))));
    },
    close: () => store.close(),
  };
}

function total({ user, system }) {
  return user + system;
}

function size(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
