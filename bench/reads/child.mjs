// Asks one store in a process of its own; prints one line of JSON. Arguments: answers, warm, once or cold:<case>; store, folder, facts as JSON.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { canonical } from '../shared/canonical.mjs';
import { mainThreadUs } from '../shared/cpu.mjs';
import { NEWER_STORES, STORES } from '../shared/stores.mjs';
import { quantile } from '../shared/table.mjs';
import { casesFor } from './cases.mjs';

const WARM_UP = 5;
const SAMPLES = 300;
const PATIENCE_MS = 1_500; // a slow case is asked less often

const [what, name, folder, facts] = process.argv.slice(2);
const { bySize } = JSON.parse(facts);
const cases = casesFor(JSON.parse(facts));
const { file: fileName, open } = { ...STORES, ...NEWER_STORES }[name];
const file = join(folder, fileName);
const [mode, index] = what.split(':');
console.log(JSON.stringify(await { answers, warm, once, cold }[mode]()));

/** A hash of every answer, for the comparison that comes first. */
async function answers() {
  const store = await open(file);
  const hashes = [];
  for (const one of cases) {
    const answer = await one.call(store, await one.prepare?.(store));
    hashes.push(createHash('sha256').update(canonical(answer)).digest('hex'));
  }
  await store.close();
  return hashes;
}

async function warm() {
  const store = await open(file);
  const figures = [];
  for (const one of cases) figures.push(await measure(store, one));
  await store.close();
  return figures;
}

async function measure(store, one) {
  const place = await one.prepare?.(store);
  for (let i = 0; i < WARM_UP; i += 1) await one.call(store, place);
  globalThis.gc();
  await setTimeout(20); // a thread's CPU time is exact just after it slept
  const times = [];
  const mainBefore = mainThreadUs();
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  while (times.length < SAMPLES && (times.length < WARM_UP || performance.now() - begun < PATIENCE_MS)) {
    const start = performance.now();
    await one.call(store, place);
    times.push(performance.now() - start);
  }
  await setTimeout(5);
  const mainUs = mainThreadUs() - mainBefore;
  const { user, system } = process.cpuUsage(cpuBefore);
  const mainShare = Math.min(1, mainUs / (user + system)); // two clocks that agree to a percent
  const [medianMs, p99Ms] = [0.5, 0.99].map((share) => quantile(times, share));
  return { medianMs, p99Ms, mainMs: mainUs / 1_000 / times.length, mainShare, samples: times.length };
}

/** Conversations of each size, each read once and awaited: nothing of an answer can be kept for the next one. */
async function once() {
  const store = await open(file);
  for (const { traceIds } of bySize) for (const id of traceIds.slice(0, WARM_UP)) await store.getSpans(id);
  const figures = [];
  for (const { traceIds } of bySize) figures.push(await readOnce(store, traceIds.slice(WARM_UP)));
  await store.close();
  return figures;
}

async function readOnce(store, traceIds) {
  await setTimeout(20);
  const times = [];
  const mainBefore = mainThreadUs();
  const cpuBefore = process.cpuUsage();
  for (const id of traceIds) {
    const start = performance.now();
    await store.getSpans(id);
    times.push(performance.now() - start);
  }
  await setTimeout(5);
  const count = traceIds.length;
  const mainMs = (mainThreadUs() - mainBefore) / 1_000 / count;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { medianMs: quantile(times, 0.5), mainMs, cpuMs: (user + system) / 1_000 / count };
}

/** From loading the library and opening the file to the first answer of a process; main.mjs has the system forget the pages before. */
async function cold() {
  const start = performance.now();
  const store = await open(file);
  await cases[index].call(store);
  const ms = performance.now() - start;
  await store.close();
  return ms;
}
