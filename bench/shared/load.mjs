// Fills one store's file in a process of its own and prints what to ask of it. Arguments: ours, peer or a contender of peers/; file, or a contender's folder; traces, [folder of data].
import { mkdirSync, statSync } from 'node:fs';
import { commonCalls } from '../peers/work.mjs';
import { copies, readConversations } from './corpus.mjs';
import { openPeerWriter } from './peer-writer.mjs';
import { openOurs } from './stores.mjs';

const CHUNK = 2_000;
const FIRST_SPANS = 10_000; // some copies of the conversations: the longest one, and some of each size, are looked for there
/** Sizes of conversations, bytes of the JSON of their spans; of each size that many, within a third of it. */
const SIZES = [10_000, 50_000, 150_000, 700_000];
const OF_EACH_SIZE = 40;

const [name, file, traces, data] = process.argv.slice(2);
const whole = readConversations(data || undefined);
const inFull = { ours: oursWriter, peer: () => openPeerWriter(file) }[name];
const conversations = inFull ? whole : commonCalls(whole);
const writer = await (inFull ?? contenderWriter)();
const facts = await load(Number(traces));
await writer.close();
console.log(JSON.stringify({ ...facts, fileBytes: statSync(file).size }));

/** The call that starts one trace too many is the first that is left out. */
async function load(wanted) {
  const counted = { traces: 0, spans: 0 };
  const middle = Math.floor(wanted / 2);
  const asked = {};
  const bytes = new Map(); // of the spans of a trace, while the first copy passes
  let chunk = [];
  for (const call of copies(conversations)) {
    const { trace, span } = call.args;
    if (trace && counted.traces === wanted) break;
    if (trace) counted.traces += 1;
    if (span) counted.spans += 1;
    if (span && counted.spans <= FIRST_SPANS)
      bytes.set(span.traceId, (bytes.get(span.traceId) ?? 0) + JSON.stringify(span).length);
    if (trace && counted.traces === middle) Object.assign(asked, askedAbout(trace));
    if (trace && counted.traces === Math.ceil(middle * 1.1)) asked.before = trace.startedAt;
    chunk.push(call);
    if (chunk.length === CHUNK) {
      await writer.write(chunk);
      chunk = [];
    }
  }
  await writer.write(chunk);
  const [longTrace, longTraceBytes] = [...bytes].toSorted((a, b) => b[1] - a[1])[0];
  return {
    ...counted,
    ...asked,
    longTrace,
    longTraceBytes,
    bySize: SIZES.map((size) => ({ size, traceIds: ofSize(bytes, size) })),
  };
}

function ofSize(bytes, size) {
  const near = [...bytes].filter(([, found]) => found > (size * 2) / 3 && found < (size * 4) / 3);
  return near.slice(0, OF_EACH_SIZE).map(([traceId]) => traceId);
}

function askedAbout({ sessionId, userId, startedAt }) {
  return { sessionId, userId, after: startedAt };
}

function oursWriter() {
  const store = openOurs(file);
  let before = Promise.resolve();
  return {
    write: async (calls) => {
      await before;
      before = Promise.all(calls.map(({ op, args }) => store[op](...Object.values(args))));
    },
    close: async () => {
      await before;
      const { failedWrites } = await store.info();
      await store.close();
      if (failedWrites > 0) throw new Error(`tracestore: ${failedWrites} writes failed`);
    },
  };
}

/** A contender knows traces and spans only. */
async function contenderWriter() {
  const { open } = await import(`../peers/contenders/${name}.mjs`);
  mkdirSync(file);
  const store = await open(file);
  return { write: (calls) => store.write(store.prepare(calls)), close: store.close };
}
