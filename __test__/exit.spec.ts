/** Design rules 5 and 12: however the process ends, what was accepted is there, and an idle store never holds it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SqliteTraceStoreOptions } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpans } from './children/spans.mjs';
import { openStore, tempFolder } from './support.js';
import { runScript, type Outcome } from './support/child.js';
import { EXIT_WAYS } from './support/exit-ways.js';
import { closedFile } from './support/files.js';
import { Lock, NO_LOCK } from './support/lock.js';

vi.setConfig({ testTimeout: 90_000 });

const COUNT = 500;

interface Case {
  way: string;
  tenant?: string;
  bytes?: number;
  options?: Partial<SqliteTraceStoreOptions>;
}

/** Lets a child write to these files and end. */
function endOf(paths: string[], task: Case): Promise<Outcome> {
  return runScript('exit.mjs', { paths, count: COUNT, ...task });
}

/** Every span that the child wrote must be in the file, whole, once. */
async function expectAll(path: string, { bytes, tenant = '' }: Omit<Case, 'way'> = {}): Promise<void> {
  const spans = await openStore({ path }).forTenant(tenant).getSpans('t1');
  expect(spans).toHaveLength(COUNT);
  expect(spans).toEqual(numberedSpans(COUNT, bytes === undefined ? {} : { bytes }));
}

it.each(EXIT_WAYS)('500 accepted writes that nobody awaits are there after %s', async (way, end) => {
  const path = join(tempFolder(), 'traces.db');
  expect(await endOf([path], { way })).toEqual({ stdout: '', ...end });
  await expectAll(path);
});

describe('500 accepted writes survive process.exit', () => {
  const BIG = 40_000;
  const cases: Array<[string, Case]> = [
    ['of big spans', { way: 'process.exit at once', bytes: BIG }],
    ['of spans larger than the pool takes at once', { way: 'process.exit in a later tick', bytes: BIG }],
    [
      'through a queue much smaller than they are',
      { way: 'process.exit at once', options: { maxQueueBytes: 4096 } },
    ],
    [
      'of big spans through a small queue',
      { way: 'process.exit in a later tick', bytes: BIG, options: { maxQueueBytes: 100_000 } },
    ],
    ['of a tenant', { way: 'process.exit at once', tenant: 'acme' }],
    ['of a tenant, after all layers', { way: 'process.reallyExit in a later tick', tenant: 'acme' }],
    ['with durability power', { way: 'process.exit at once', options: { durability: 'power' } }],
    ['with exclusive locking', { way: 'process.exit at once', options: { locking: 'exclusive' } }],
  ];

  it.each(cases)('%s', async (_name, task) => {
    const path = join(tempFolder(), 'traces.db');
    expect(await endOf([path], task)).toEqual({ code: 3, signal: null, stdout: '', stderr: '' });
    await expectAll(path, task);
  });

  it('of two stores on two files', async () => {
    const folder = tempFolder();
    const paths = [join(folder, 'one.db'), join(folder, 'other.db')];
    expect(await endOf(paths, { way: 'process.exit at once' })).toMatchObject({ code: 3, signal: null });
    for (const path of paths) await expectAll(path);
  });
});

it.skipIf(NO_LOCK !== '')(
  `a lock of another process holds the end up no longer than exitTimeoutMs ${NO_LOCK}`,
  async () => {
    const path = await closedFile(1);
    const lock = await Lock.hold(path);
    // Longer than a child may live, which shows as an end by a signal.
    const options = { busyTimeoutMs: 600_000, exitTimeoutMs: 200 };
    const ways = [
      'process.exit at once',
      'process.exit in a later tick',
      'process.exit at once',
      'process.exit at once',
    ];
    const outcomes = await Promise.all(ways.map((way) => endOf([path], { way, options })));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 3, signal: null });
    await lock.release();
  },
);

it.skipIf(NO_LOCK !== '')(
  `many stores wait for their locks together, not one after the other ${NO_LOCK}`,
  async () => {
    const paths = await Promise.all(Array.from({ length: 10 }, () => closedFile(1)));
    const locks = await Promise.all(paths.map((path) => Lock.hold(path)));
    // For one after the other that would be longer than a child may live.
    const options = { busyTimeoutMs: 600_000, exitTimeoutMs: 4000 };
    const outcome = await endOf(paths, { way: 'process.exit at once', options });
    expect(outcome).toMatchObject({ code: 3, signal: null });
    await Promise.all(locks.map((lock) => lock.release()));
  },
);

it('a store in memory ends with the right code and leaves nothing behind', async () => {
  expect(await endOf([':memory:'], { way: 'process.exit at once' })).toEqual({
    code: 3,
    signal: null,
    stdout: '',
    stderr: '',
  });
  expect(existsSync(':memory:')).toBe(false);
});

describe('an idle open store lets the process end by itself', () => {
  // The second; tried again, because a machine under load may take one by itself.
  it.each([
    ['unused'],
    ['written'],
    ['read'],
    ['flushed'],
    ['failed'],
    ['closed'],
    ['closed beside an open one'],
  ])('within a second: %s', { retry: 2 }, async (way) => {
    const outcome = await runScript('idle.mjs', { way, path: join(tempFolder(), 'traces.db') });
    expect(outcome).toMatchObject({ code: 0, signal: null });
    expect(Number(outcome.stdout)).toBeLessThan(1000);
  });
});
