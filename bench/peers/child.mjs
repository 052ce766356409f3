// Measures one contender in a process of its own; prints one line of JSON. Arguments: contender, folder, copies, [folder of data].
/* oxlint-disable no-await-in-loop -- one after the other is the point */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { canonical } from '../shared/canonical.mjs';
import { mainThreadUs } from '../shared/cpu.mjs';
import { bytesIn } from '../shared/disk.mjs';
import { quantile } from '../shared/table.mjs';
import { longestTrace, readCalls } from './work.mjs';

const WARM_UP = 3;
const WARM_CALLS = 1_000;
const SAMPLES = 50;
const PATIENCE_MS = 3_000; // a slow question is asked less often
const PAGE = 50;

const [name, parent, wanted, data] = process.argv.slice(2);
const { open } = await import(`./contenders/${name}.mjs`);
const calls = readCalls(data || undefined, Number(wanted));
const long = longestTrace(calls);
const folder = mkdtempSync(join(parent, 'run-'));
try {
  await warmUp();
  const ingest = await measureIngest();
  const reads = await measureReads();
  console.log(JSON.stringify({ ...ingest, ...reads, ...facts() }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function facts() {
  const spans = calls.filter(({ op }) => op === 'addSpan').map(({ args }) => args.span);
  const jsonBytes = spans.reduce((sum, span) => sum + Buffer.byteLength(JSON.stringify(span)), 0);
  return {
    spans: spans.length,
    traces: calls.filter(({ op }) => op === 'startTrace').length,
    jsonBytes,
    longBytes: long.bytes,
  };
}

/** Code is compiled and caches are made before the clock runs. */
async function warmUp() {
  const place = mkdtempSync(join(folder, 'warm-'));
  const store = await open(place);
  await store.write(store.prepare(calls.slice(0, WARM_CALLS)));
  await store.close();
  rmSync(place, { recursive: true, force: true });
}

/** From handing over the first call until all is stored; CPU also counts closing (checkpoints, a server's last work). */
async function measureIngest() {
  const store = await open(folder);
  const prepared = store.prepare(calls);
  globalThis.gc();
  await setTimeout(20); // a thread's CPU time is exact just after it slept
  const server = () => store.serverCpuUs?.() ?? 0;
  const before = { main: mainThreadUs(), cpu: process.cpuUsage(), server: server(), wall: performance.now() };
  await store.write(prepared);
  const wallMs = performance.now() - before.wall;
  await setTimeout(5);
  const mainUs = mainThreadUs() - before.main;
  const serverUs = server() - before.server;
  const rssBytes = process.resourceUsage().maxRSS * 1_024 + (store.serverRssBytes?.() ?? 0);
  await store.close();
  const { user, system } = process.cpuUsage(before.cpu);
  return { mainUs, cpuUs: user + system + serverUs, wallMs, rssBytes, fileBytes: bytesIn(folder) };
}

async function measureReads() {
  const store = await open(folder);
  const inputs = await store.conversation(long.traceId);
  if (asText(inputs) !== asText(long.spans.map(({ input }) => input)))
    throw new Error(`${name} answers another conversation than it was given`);
  const page = await store.firstPage(PAGE);
  if (page.length !== PAGE) throw new Error(`${name} answers ${page.length} traces, not ${PAGE}`);
  const conversation = await measure(() => store.conversation(long.traceId));
  const firstPage = await measure(() => store.firstPage(PAGE));
  await store.close();
  return { conversation, firstPage };
}

/** Equal for the same inputs in any order. */
function asText(inputs) {
  const texts = inputs.map((input) => canonical(input));
  return texts.toSorted().join('\n');
}

async function measure(ask) {
  for (let i = 0; i < WARM_UP; i += 1) await ask();
  globalThis.gc();
  await setTimeout(20);
  const times = [];
  const mainBefore = mainThreadUs();
  const begun = performance.now();
  while (times.length < SAMPLES && (times.length < WARM_UP || performance.now() - begun < PATIENCE_MS)) {
    const start = performance.now();
    await ask();
    times.push(performance.now() - start);
  }
  await setTimeout(5);
  const mainMs = (mainThreadUs() - mainBefore) / 1_000 / times.length;
  return { medianMs: quantile(times, 0.5), p99Ms: quantile(times, 0.99), mainMs };
}
