/** Design rule 5 in worker threads, which end without asking: what they accepted is there, and the process lives on. */
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpans } from './children/spans.mjs';
import { openStore, tempFolder } from './support.js';
import { runScript, type Outcome } from './support/child.js';

vi.setConfig({ testTimeout: 90_000 });

const COUNT = 500;

interface End {
  code: number;
  errors: string[];
  accepted: number;
}

interface Task {
  scenario: string;
  way?: string;
  count?: number;
  times?: number;
}

/** Runs a scenario in a process that must survive it. */
async function survive<T = End>(path: string, task: Task, code = 0): Promise<T> {
  const outcome: Outcome = await runScript('workers.mjs', { path, count: COUNT, ...task });
  expect(outcome).toMatchObject({ code, signal: null, stderr: '' });
  return JSON.parse(outcome.stdout) as T;
}

async function expectSpans(path: string, traceId: string, count: number): Promise<void> {
  const spans = await openStore({ path }).getSpans(traceId);
  expect(spans).toHaveLength(count);
  expect(spans).toEqual(numberedSpans(count, { traceId }));
}

/** Like `expectSpans` for a worker stopped anywhere: the last write may have been accepted without being counted. */
async function expectAccepted(path: string, traceId: string, accepted: number): Promise<void> {
  const { length } = await openStore({ path }).getSpans(traceId);
  expect([accepted, accepted + 1]).toContain(length);
  await expectSpans(path, traceId, length);
}

describe('500 writes of a worker that nobody awaits are there when it', () => {
  it.each([
    ['ends', 0, []],
    ['closes and ends', 0, []],
    ['exits', 5, []],
    ['exits in a later tick', 5, []],
    ['throws', 1, ['thrown on purpose']],
  ])('%s', async (way, code, errors) => {
    const path = join(tempFolder(), 'traces.db');
    expect(await survive(path, { scenario: 'ends', way })).toEqual({ code, errors, accepted: COUNT });
    await expectSpans(path, 't1', COUNT);
  });

  it.each([['loops for ever after writing'], ['waits for ever after a tick'], ['settles for ever']])(
    'is terminated: %s',
    async (way) => {
      const path = join(tempFolder(), 'traces.db');
      const end = await survive(path, { scenario: 'terminated', way });
      expect(end).toMatchObject({ code: 1, errors: [] });
      expect(end.accepted).toBeGreaterThanOrEqual(COUNT);
      await expectAccepted(path, 't1', end.accepted);
    },
  );

  it('is terminated in the middle of writing', async () => {
    const path = join(tempFolder(), 'traces.db');
    const { accepted } = await survive(path, { scenario: 'terminated', way: 'writes for ever' });
    await expectAccepted(path, 't1', accepted);
  });

  it.each([['loops for ever after writing'], ['waits for ever after a tick']])(
    'is ended by process.exit() of the main thread: %s',
    async (way) => {
      const path = join(tempFolder(), 'traces.db');
      const task = { scenario: 'the process exits over a worker', way };
      expect(await survive(path, task, 6)).toEqual({ accepted: COUNT });
      await expectSpans(path, 't1', COUNT);
    },
  );
});

describe('a worker terminated with promises pending harms nobody', () => {
  it.each([['reads for ever'], ['settles for ever']])('%s', async (way) => {
    const path = join(tempFolder(), 'traces.db');
    const task = { scenario: 'terminated with promises pending', way, times: 10, count: 100 };
    const ends = await survive<End[]>(path, task);
    expect(ends).toHaveLength(10);
    for (const [n, { accepted }] of ends.entries()) await expectAccepted(path, `t${n}`, accepted);
  });
});

describe('many workers on one file', () => {
  it('one after another, with an addon that the main thread never loads', async () => {
    const path = join(tempFolder(), 'traces.db');
    const task = { scenario: 'one after another', way: 'ends', times: 50, count: 20 };
    const ends = await survive<End[]>(path, task);
    expect(ends).toEqual(Array.from({ length: 50 }, () => ({ code: 0, errors: [], accepted: 20 })));
    expect((await openStore({ path }).info()).counts.spans).toBe(50 * 20);
  });

  it.each([['at the same time'], ['beside the main thread']])('%s', async (scenario) => {
    const path = join(tempFolder(), 'traces.db');
    const ends = await survive<End[]>(path, { scenario, way: 'ends', times: 4, count: 200 });
    expect(ends).toEqual(Array.from({ length: 4 }, () => ({ code: 0, errors: [], accepted: 200 })));
    for (const n of ends.keys()) await expectSpans(path, `t${n}`, 200);
    if (scenario === 'beside the main thread') await expectSpans(path, 'main', 200);
  });
});

describe('a store that is collected without having been closed', () => {
  it.each([
    ['after its write is committed', true],
    ['while its write is under way', false],
  ])('%s', async (_name, awaited) => {
    const path = join(tempFolder(), 'traces.db');
    const outcome = await runScript(
      'collected.mjs',
      { path, awaited, stores: 50 },
      { nodeFlags: ['--expose-gc'] },
    );
    expect(outcome).toEqual({ code: 0, signal: null, stdout: 'true\n', stderr: '' });
    await expectSpans(path, 't1', 50);
  });
});
