// Tells one contender the stream in a process of its own, and reads it back; prints one line of JSON. Arguments: contender, folder, copies, [folder of data].
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readCalls } from '../peers/work.mjs';
import { canonical } from '../shared/canonical.mjs';
import { costOf } from '../shared/cost.mjs';
import { bytesIn } from '../shared/disk.mjs';
import { CONTENDERS } from './contenders.mjs';
import { lastRecords, recordsOf } from './records.mjs';

const WARM_UP = 1_000;
/** What is compared of a span that was read. */
const TOLD = ['name', 'input', 'output', 'attributes', 'metadata', 'error', 'startedAt', 'endedAt'];

const [name, parent, wanted, data] = process.argv.slice(2);
const { open } = CONTENDERS[name];
const records = recordsOf(readCalls(data || undefined, Number(wanted)));
const last = lastRecords(records);
const folder = mkdtempSync(join(parent, 'run-'));
try {
  await warmUp();
  const cost = await measure();
  await readBack();
  console.log(JSON.stringify({ ...cost, ...facts() }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function facts() {
  const bytes = records.reduce((sum, { span }) => sum + Buffer.byteLength(JSON.stringify(span)), 0);
  const spans = [...last.values()].reduce((sum, trace) => sum + trace.size, 0);
  return { records: records.length, spans, traces: last.size, jsonBytes: bytes };
}

/** Code is compiled and caches are made before the clock runs. */
async function warmUp() {
  const place = mkdtempSync(join(folder, 'warm-'));
  const store = await open(place);
  await store.write(store.prepare(records.slice(0, WARM_UP)));
  await store.close();
  rmSync(place, { recursive: true, force: true });
}

async function measure() {
  const store = await open(folder);
  const prepared = store.prepare(records);
  const cost = await costOf(() => store.write(prepared), store.close);
  return { ...cost, fileBytes: bytesIn(folder) };
}

/** Every span must come back, opened anew, as the last record told it. */
async function readBack() {
  const store = await open(folder);
  for (const [traceId, told] of store.spans ? last : []) {
    // oxlint-disable-next-line no-await-in-loop -- all at once would be a lot of memory
    const spans = await store.spans(traceId);
    if (spans.length !== told.size)
      throw new Error(`${name} has ${spans.length} of ${told.size} spans of trace ${traceId}`);
    for (const span of spans)
      for (const field of TOLD)
        if (text(span[field]) !== text(told.get(span.spanId)?.[field]))
          throw new Error(`${name} has another ${field} of span ${span.spanId} than it was told last`);
  }
  await store.close();
}

/** As JSON carries it; what is absent may be read as null. */
function text(value) {
  return canonical(JSON.parse(JSON.stringify(value ?? null)));
}
