/**
 * Every way to end again and again, at random moments, while other processes write to the same file.
 *
 * `TRACESTORE_EXITS=100` is the full run.
 */
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { numberedSpans } from './children/spans.mjs';
import { openStore, tempFolder } from './support.js';
import { runScript, startScript } from './support/child.js';
import { EXIT_WAYS } from './support/exit-ways.js';

/** How often each way is gone. */
const EXITS = Number(process.env['TRACESTORE_EXITS'] ?? 2);
/** A file for each round, so that none gets large. */
const ROUNDS = Array.from({ length: EXITS }, (_, n) => n + 1);
/** How many end at the same time, beside those that only write. */
const ABREAST = 4;
/** With others on the file the last commit may have to wait. */
const OPTIONS = { busyTimeoutMs: 20_000, exitTimeoutMs: 20_000 };
const QUIET = { nodeFlags: ['--no-warnings'] };

vi.setConfig({ testTimeout: 240_000 });

const WORKER_WAYS: Array<[scenario: string, way: string, code: number]> = [
  ['ends', 'ends', 0],
  ['ends', 'closes and ends', 0],
  ['ends', 'exits', 0],
  ['ends', 'exits in a later tick', 0],
  ['ends', 'throws', 0],
  ['terminated', 'loops for ever after writing', 0],
  ['terminated', 'waits for ever after a tick', 0],
  ['terminated', 'settles for ever', 0],
  ['terminated', 'writes for ever', 0],
  ['the process exits over a worker', 'loops for ever after writing', 6],
  ['the process exits over a worker', 'waits for ever after a tick', 6],
];

it.each(ROUNDS)('every way of a process, all accepted writes there afterwards: round %i', async () => {
  const store = await underLoad();
  await inTurns(EXIT_WAYS, async ([way, end]) => {
    const [count, bytes] = [2 * (1 + below(50)), below(2) === 0 ? 64 : 5000];
    // A listener comes before ours only if the store was not used before.
    const ticks = way.includes('earlier') ? 0 : below(20);
    const paths = [store.path];
    const task = { way, paths, traceId: way, ticks, count, bytes, options: OPTIONS };
    const outcome = await runScript('exit.mjs', task, QUIET);
    expect(outcome, JSON.stringify(task)).toEqual({ stdout: '', ...end });
    await store.expectSpans(way, count, bytes);
    await store.expectSpans(`${way} before`, ticks, bytes);
  });
});

it.each(ROUNDS)('every way of a worker thread, the same: round %i', async () => {
  const store = await underLoad();
  await inTurns(WORKER_WAYS, async ([scenario, way, code]) => {
    const traceId = `${scenario}, ${way}`;
    const task = { scenario, way, path: store.path, traceId, count: 1 + below(300) };
    const outcome = await runScript('workers.mjs', task, QUIET);
    expect(outcome, JSON.stringify(task)).toMatchObject({ code, signal: null, stderr: '' });
    const { accepted } = JSON.parse(outcome.stdout) as { accepted: number };
    // Of a thread stopped anywhere the last write may have been accepted without being counted.
    const { length } = await store.spans(traceId);
    expect([accepted, accepted + 1], JSON.stringify(task)).toContain(length);
    await store.expectSpans(traceId, length);
  });
});

const below = (end: number): number => Math.floor(Math.random() * end);

/** A file to which two processes write without rest until the test is over. */
async function underLoad() {
  const path = join(tempFolder(), 'traces.db');
  const writers = ['load a', 'load b'].map((traceId) =>
    startScript('writer.mjs', { path, traceId, bytes: 200, options: OPTIONS }, { ...QUIET, timeoutMs: 0 }),
  );
  await Promise.all(writers.map((writer) => writer.printed(1)));
  // An error would have ended them.
  onTestFinished(() => expect(writers.map(({ stderr }) => stderr)).toEqual(['', '']));
  const store = openStore({ path });
  const spans = (traceId: string) => store.getSpans(traceId);
  const expectSpans = async (traceId: string, count: number, bytes = 64) =>
    expect(await spans(traceId), traceId).toEqual(numberedSpans(count, { traceId, bytes }));
  return { path, spans, expectSpans };
}

/** Some at a time. */
async function inTurns<T>(cases: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  for (let n = 0; n < cases.length; n += ABREAST) {
    // oxlint-disable-next-line no-await-in-loop -- a few at a time
    await Promise.all(cases.slice(n, n + ABREAST).map(run));
  }
}
