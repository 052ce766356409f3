// Is a busy agent server for some seconds and prints how late its event loop was. Arguments: none, ours, better-sqlite3, node-sqlite or one of Mastra's; lists or alone; folder, seconds, [folder of data].
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { mainThreadUs } from '../shared/cpu.mjs';
import { copies, readConversations } from '../shared/corpus.mjs';
import { openPeerWriter } from '../shared/peer-writer.mjs';
import { openOurs, openPeer, STORES } from '../shared/stores.mjs';

const PER_SECOND = 500;
const EVERY_MS = 10;
const WARM_UP_MS = 2_000;
const LIST = { limit: 1_000 };

const [name, what, folder, seconds, data] = process.argv.slice(2);
const spans = fresh(readConversations(data || undefined));
const peers = { 'better-sqlite3': () => peer('better-sqlite3'), 'node-sqlite': () => peer('node:sqlite') };
const server = await ({ none, ours, ...peers }[name] ?? mastra)();
const delay = monitorEventLoopDelay({ resolution: 1 });
let lists = 0;
let written = 0;
const ending = new AbortController();
const measured = await measure();
const closing = performance.now();
await server.close();
console.log(JSON.stringify({ ...measured, closeMs: performance.now() - closing }));

async function measure() {
  if (what === 'lists') await lookAtList();
  const reading = what === 'lists' ? listAgainAndAgain() : undefined;
  const writing = addSpans();
  await setTimeout(WARM_UP_MS);
  [lists, written] = [0, 0];
  const main = mainThreadUs();
  const start = performance.now();
  delay.enable();
  await setTimeout(seconds * 1_000);
  delay.disable();
  const ms = performance.now() - start;
  const figures = { ms, mainShare: (mainThreadUs() - main) / 1_000 / ms, lists, written };
  ending.abort();
  await Promise.all([reading, writing]);
  const [p50Ms, p99Ms] = [50, 99].map((percent) => delay.percentile(percent) / 1e6);
  return { ...figures, p50Ms, p99Ms, maxMs: delay.max / 1e6 };
}

/** All stores answer the same number of traces, or they are not compared. */
async function lookAtList() {
  const { length } = await server.list();
  if (length !== LIST.limit)
    throw new Error(`${name} lists ${length} traces, not ${LIST.limit}: --traces asks for a larger file`);
}

/** A little each time, as requests would; what the loop is late is made up for, so that every store gets the same work. */
async function addSpans() {
  const start = performance.now();
  let due = 0;
  for (let sent = 0; !ending.signal.aborted; sent = due) {
    due = Math.floor(((performance.now() - start) * PER_SECOND) / 1_000);
    for (let i = sent; i < due; i += 1) server.addSpan(spans.next().value);
    written += due - sent;
    await setTimeout(EVERY_MS);
  }
}

async function listAgainAndAgain() {
  while (!ending.signal.aborted) {
    await server.list();
    lists += 1;
    await setImmediate();
  }
}

/** Spans of traces that the file does not hold. */
function* fresh(conversations) {
  const run = Date.now().toString(36);
  for (const call of copies(conversations)) {
    if (call.op !== 'addSpan') continue;
    call.args.span.traceId = `${run}-${call.args.span.traceId}`;
    yield call;
  }
}

function none() {
  return { addSpan: () => {}, list: () => {}, close: () => {} };
}

function ours() {
  const store = openOurs(join(folder, STORES.ours.file));
  return {
    addSpan: ({ args }) => void store.addSpan(args.span),
    list: async () => (await store.listTraces(LIST)).traces,
    close: () => store.close(),
  };
}

async function peer(driver) {
  const file = join(folder, STORES['better-sqlite3'].file);
  const reader = await openPeer(file, driver);
  const writer = await openPeerWriter(file, driver);
  return {
    addSpan: writer.single,
    list: () => reader.listTraces(LIST).traces,
    close: () => {
      reader.close();
      writer.close();
    },
  };
}

async function mastra() {
  const { open } = await import(`../peers/contenders/${name}.mjs`);
  const store = await open(join(folder, name));
  const exporter = await store.exporter();
  return {
    addSpan: ({ args }) => void exporter.add(args.span),
    list: () => store.firstPage(LIST.limit),
    close: async () => {
      await exporter.close();
      await store.close();
    },
  };
}
