// Measures one contender in a process of its own; prints one line of JSON. Arguments: contender, file of spans, scratch folder.
/* oxlint-disable no-await-in-loop -- one after the other is the point */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { costOf } from '../shared/cost.mjs';
import { CONTENDERS } from './contenders.mjs';

const WARM_UP = 300;
const SINGLES = 1_000; // awaited one by one, for the latency

const [name, spansFile, scratch] = process.argv.slice(2);
const folder = mkdtempSync(join(scratch, 'run-'));
const spans = readSpans();
try {
  console.log(JSON.stringify({ ...(await measureLatency()), ...(await measureIngest()) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureIngest() {
  const file = join(folder, 'spans.db');
  const contender = await CONTENDERS[name].open(file, spans);
  const cost = await costOf(() => contender.ingest(spans), contender.close);
  return {
    mainUs: cost.mainUs / spans.length,
    cpuUs: cost.cpuUs / spans.length,
    wallMs: cost.wallMs,
    fileBytes: sizeOf(file),
    rssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Median and 99th percentile in us of a write that the caller awaits; also warms the code up for the other measurement. */
async function measureLatency() {
  const sample = spans.slice(0, WARM_UP + SINGLES);
  const contender = await CONTENDERS[name].open(join(folder, 'latency.db'), sample);
  if (!contender.single) {
    await contender.ingest(sample);
    await contender.close();
    return {};
  }
  const times = [];
  for (const span of sample) {
    const start = performance.now();
    await contender.single(span);
    times.push((performance.now() - start) * 1_000);
  }
  await contender.close();
  const sorted = times.slice(Math.min(WARM_UP, times.length / 2)).toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { latencyMedianUs: at(0.5), latencyP99Us: at(0.99) };
}

function readSpans() {
  const lines = readFileSync(spansFile, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const span = JSON.parse(line);
    span.startedAt = new Date(span.startedAt);
    return span;
  });
}

function sizeOf(file) {
  const sizes = ['', '-wal'].map((suffix) => statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0);
  return sizes[0] + sizes[1];
}
