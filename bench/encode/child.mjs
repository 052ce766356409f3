// Measures the ways to encode one case's spans, in a process of its own; prints one line of JSON. Arguments: case, file of spans.
import { readFileSync } from 'node:fs';
import { Encoder, plainText } from '../../dist/write/encode/encode.js';
import { Pool } from '../../dist/write/pool.js';
import { mainThreadUs } from '../shared/cpu.mjs';
import { CASES } from './cases.mjs';

const PASSES = 15;
const ADD_SPAN = 3;
const FRAME = { document: 'span', maxBytes: 64 << 20, onOversize: 'cut' };

const [name, spansFile] = process.argv.slice(2);
const { spans: spansOf, fresh, anew } = CASES[name];
const real = anew ? [] : readFileSync(spansFile, 'utf8').split('\n').filter(Boolean).map(parseSpan);
const pool = new Pool();
const encoder = new Encoder(() => {});
let handedOver = 0;
let sink = 0;

const WAYS = {
  stringify: (span) => void (sink += JSON.stringify(span).length),
  pooled: (span) => append({ text: JSON.stringify(span), beyond: 0 }),
  plain: (span) => append({ text: plainText(span, FRAME), beyond: 0 }),
  ours: (span) => append(encoder.encode(span, FRAME)),
};

if (process.env.SKIP) delete WAYS.plain;
const best = {};
const bytes = {};
let spans = spansOf(real);
for (let pass = 0; pass < PASSES; pass += 1) {
  for (const [way, encode] of Object.entries(WAYS)) {
    if (anew) spans = spansOf(real);
    else if (fresh) spans = spansOf(real).map((span) => parseSpan(JSON.stringify(span)));
    handedOver = 0;
    const before = mainThreadUs();
    for (const span of spans) encode(span);
    best[way] = Math.min(best[way] ?? Infinity, (mainThreadUs() - before) / spans.length);
    bytes[way] = handedOver;
  }
}
console.log(JSON.stringify({ us: best, bytes, sink: sink % 2 }));

function append(encoded) {
  const before = pool.end;
  if (pool.append('', ADD_SPAN, encoded)) handedOver += pool.end - before;
  else {
    pool.reset();
    append(encoded);
  }
}

function parseSpan(line) {
  const span = JSON.parse(line);
  span.startedAt = new Date(span.startedAt);
  return span;
}
