/** The fields beside the contract, in the words about a span. */
import { expect, it } from 'vitest';
import { at, openStore, span, T0 } from './support.js';
import { begun, IDS, readSpan } from './support/live.js';

const NANOS = BigInt(T0.getTime()) * 1_000_000n;

it('nanoseconds of start and end win, and are told while they tell more than milliseconds', async () => {
  const store = openStore();
  await store.startSpan(begun({ startedAtNs: NANOS + 5n }));
  await store.endSpan(...IDS, { endedAtNs: String(NANOS + 2_000_006n) });
  const exact = { startedAt: T0, startedAtNs: String(NANOS + 5n), endedAtNs: String(NANOS + 2_000_006n) };
  expect(await readSpan(store)).toEqual({ schemaVersion: 1, ...span(), ...exact, durationMs: 2.000001 });
  await store.updateSpan(...IDS, { startedAt: at(1) });
  await store.endSpan(...IDS, { endedAt: at(4) });
  expect(await readSpan(store)).toEqual({ schemaVersion: 1, ...span(), startedAt: at(1), durationMs: 3 });
});

it('an end before the start is kept and marked', async () => {
  const store = openStore();
  await store.startSpan(begun());
  await store.endSpan(...IDS, { endedAt: at(-1) });
  const skewed = { clockSkew: true, endedAtNs: String(NANOS - 1_000_000n), durationMs: 0 };
  expect(await readSpan(store)).toEqual({ schemaVersion: 1, ...span(), ...skewed });
  await store.endSpan(...IDS, { endedAt: at(1) });
  expect(await readSpan(store)).toEqual({ schemaVersion: 1, ...span(), durationMs: 1 });
});

it('a span that was read with its nanoseconds and its skew is written again as it was', async () => {
  const store = openStore();
  await store.addSpan(span({ startedAtNs: NANOS + 7n, endedAtNs: NANOS - 3n }));
  const first = await readSpan(store);
  expect(first).toMatchObject({ startedAtNs: String(NANOS + 7n), clockSkew: true, durationMs: 0 });
  await store.addSpan(first);
  expect(await readSpan(store)).toEqual(first);
});

it('attributes merge, and all else is replaced or cleared', async () => {
  const store = openStore();
  const events = [{ name: 'late', time: at(2) }];
  await store.startSpan(begun({ type: 'model', attributes: { a: 1, b: 1 }, scope: { name: 's' }, events }));
  const step = { type: 'thought', content: 'hm' } as const;
  const earlier = [{ name: 'early', time: at(1) }];
  await store.updateSpan(...IDS, { attributes: { b: 2 }, type: null, events: earlier, step });
  await store.endSpan(...IDS, { error: new TypeError('no'), scope: null, endedAt: at(3), endUserId: 'u' });
  const ended = await readSpan(store);
  expect(ended).toMatchObject({
    attributes: { a: 1, b: 2 },
    events: earlier,
    step,
    endUserId: 'u',
    status: 'error',
    errorInfo: { type: 'TypeError', message: 'no' },
  });
  expect(ended.error).toContain('TypeError: no');
  for (const cleared of ['type', 'scope']) expect(ended).not.toHaveProperty(cleared);
});

it('errorInfo alone says that something went wrong, and what', async () => {
  const store = openStore();
  await store.startSpan(begun());
  await store.endSpan(...IDS, { errorInfo: { type: 'Timeout', message: 'too late' }, endedAt: at(1) });
  expect(await readSpan(store)).toMatchObject({ status: 'error', error: 'too late' });
});
