/** Dates, whatever somebody has made of `Date.prototype`: they are recorded, filtered by and told as they are. */
import { afterEach, expect, it, vi } from 'vitest';
import type { SqliteTraceStore } from 'tracestore';
import { at, failure, openStore, session, snapshot, span, T0, trace } from './support.js';

afterEach(() => vi.restoreAllMocks());

const OVERRIDES: Array<[string, () => void]> = [
  ['toJSON that gives a number', () => override('toJSON', () => 1)],
  ['toJSON that gives nothing', () => override('toJSON', () => undefined)],
  ['toJSON that throws', () => override('toJSON', fail)],
  ['toISOString that throws', () => override('toISOString', fail)],
  ['getTime that throws', () => override('getTime', fail)],
];

function override(name: 'toJSON' | 'toISOString' | 'getTime', as: () => unknown): void {
  vi.spyOn(Date.prototype, name).mockImplementation(as as never);
}

function fail(): never {
  throw new Error('overridden');
}

it.each(OVERRIDES)('an overridden %s breaks no write and no read', async (_name, overrideDates) => {
  const store = openStore();
  const ms = T0.getTime();
  overrideDates();
  await writeAll(store);
  const page = await store.listTraces({ after: T0, before: at1(ms) });
  const refused = await failure(store.addSpan(span({ status: T0 as never })));
  vi.restoreAllMocks();
  expect(refused.message).toContain('got a Date');
  expect(page.traces[0]).toMatchObject({ startedAt: T0, completedAt: COMPLETED, durationMs: 250 });
  expect((await store.getSpans('t1'))[0]).toMatchObject({ startedAt: T0 });
  expect(await store.getSession('c1')).toMatchObject({ createdAt: T0, updatedAt: UPDATED });
  expect(await store.getConfigSnapshot('cfg1')).toMatchObject({ createdAt: T0 });
});

const COMPLETED = at(250);
const UPDATED = at(1000);
const at1 = (ms: number): Date => new Date(ms + 1);

async function writeAll(store: SqliteTraceStore): Promise<void> {
  await store.startTrace(trace());
  await store.addSpan(span());
  await store.endTrace('t1', { status: 'completed', completedAt: COMPLETED });
  await store.upsertSession({ ...SESSION });
  await store.ensureConfigSnapshot(snapshot());
}

const SESSION = session({ updatedAt: UPDATED });

it('a date with a toJSON of its own is the date that it is', async () => {
  const store = openStore();
  const own = Object.assign(new Date(T0), { toJSON: () => 'yesterday' });
  await store.addSpan(span({ startedAt: own }));
  expect((await store.getSpans('t1'))[0]?.startedAt).toEqual(T0);
});
