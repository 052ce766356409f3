/** Writes one giant value several times, reads it back, and prints what was wrong and what memory stayed. */
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { giant } = JSON.parse(process.argv[2]);
/** Counted after one round that fills caches. */
const ROUNDS = 1;

/** Levels that are kept, see README.md. */
const KEPT_LEVELS = 1000;

const GIANTS = {
  /** A million keys. */
  keys: () => {
    const value = {};
    for (let n = 0; n < 1_000_000; n++) value[`k${n}`] = n;
    return value;
  },
  /** Objects and arrays in each other, a hundred thousand levels deep. */
  levels: () => {
    let value = 'core';
    for (let n = 0; n < 50_000; n++) value = { deeper: [value] };
    return value;
  },
  /** 50 MB of text. */
  string: () => 'so it goes '.repeat(4_766_255).slice(0, 50 * 1024 * 1024),
  /** Text that takes six bytes for each character as JSON; 48 MB of it. */
  escapes: () => '\u0001'.repeat(8 * 1024 * 1024),
  /** So many messages, each long enough to be a piece of its own. */
  elements: () => Array.from({ length: 100_000 }, (_, n) => `${n} ${'x'.repeat(80)}`),
  /** Many containers with nothing in them. */
  hollow: () => Array.from({ length: 1_000_000 }, () => [[]]),
};

/** How many containers lie in each other. */
function depth(value) {
  let levels = 0;
  while (typeof value === 'object' && value !== null) {
    levels++;
    value = Object.values(value)[0];
  }
  return levels;
}

function problem(read, value) {
  if (giant === 'levels') {
    const levels = depth(read);
    return levels < KEPT_LEVELS - 10 || levels > KEPT_LEVELS + 10 ? `${levels} levels` : undefined;
  }
  if (typeof value === 'string') return read === value ? undefined : `another string of ${read?.length}`;
  return JSON.stringify(read) === JSON.stringify(value) ? undefined : 'another value';
}

function memory() {
  for (let turn = 0; turn < 3; turn++) globalThis.gc();
  return process.memoryUsage().rss / 2 ** 20;
}

const problems = [];
const store = new SqliteTraceStore({ path: ':memory:' });
await store.addSpan(numberedSpan(0, { traceId: 'bystander' }));

/** One write and one read; its values are garbage afterwards. */
async function round(n) {
  const value = GIANTS[giant]();
  try {
    // The same span each time: what a rewrite lets go of must be gone.
    await store.addSpan({ ...numberedSpan(1, { traceId: 't1' }), input: value });
    const [read] = await store.getSpans('t1');
    const wrong = problem(read.input, value);
    if (wrong) problems.push(`round ${n}: ${wrong}`);
  } catch (error) {
    if (error.code !== 'INVALID_ARGUMENT') problems.push(`round ${n}: ${error.stack}`);
  }
  const [bystander] = await store.getSpans('bystander');
  if (bystander.durationMs !== 0) problems.push('a neighbour changed');
}

await round(0);
const before = memory();
for (let n = 1; n <= ROUNDS; n++) await round(n);
const grownMB = Math.round(memory() - before);
await store.close();
console.log(JSON.stringify({ problems, grownMB }));
