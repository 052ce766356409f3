/** Times in nanoseconds, ends before starts, and the order of events. */
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, span, T0, trace, without } from './support.js';
import { only, started } from './support/started.js';

const T0_NS = BigInt(T0.getTime()) * 1_000_000n;

describe('a span in nanoseconds', () => {
  it.each<[string, (nanos: bigint) => bigint | string]>([
    ['bigints', (nanos) => nanos],
    ['decimal text', String],
  ])('as %s wins over the milliseconds beside it', async (_kind, as) => {
    const { store } = await started();
    const times = { startedAtNs: as(T0_NS + 123_456n), endedAtNs: as(T0_NS + 2_623_457n) };
    await store.addSpan({ ...span({ startedAt: at(99), durationMs: 99 }), ...times });
    expect(await only(store)).toMatchObject({
      startedAt: T0,
      startedAtNs: String(T0_NS + 123_456n),
      endedAtNs: String(T0_NS + 2_623_457n),
      durationMs: 2.500001,
    });
  });

  it('needs no milliseconds, and shows no nanoseconds where milliseconds tell all', async () => {
    const { store } = await started();
    const plain = without(without(span(), 'startedAt'), 'durationMs');
    await store.addSpan({ ...plain, startedAtNs: T0_NS, endedAtNs: T0_NS + 5_000_000n } as never);
    const read = await only(store);
    expect(read).toMatchObject({ startedAt: T0, durationMs: 5 });
    expect(read).not.toHaveProperty('startedAtNs');
    expect(read).not.toHaveProperty('endedAtNs');
  });

  it('before 1970 rounds down', async () => {
    const { store } = await started();
    await store.addSpan({ ...span(), startedAtNs: -1n, endedAtNs: 1n });
    expect(await only(store)).toMatchObject({
      startedAt: new Date(-1),
      startedAtNs: '-1',
      durationMs: 0.000002,
    });
  });

  it('is refused where it is none', async () => {
    const { store } = await started();
    for (const wrong of ['1.5', '', 'now', 1.5, 10n ** 19n, '9223372036854775807']) {
      const error = await failure(store.addSpan(span({ startedAtNs: wrong as never })));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'span.startedAtNs' });
    }
  });

  it('orders the spans of one millisecond', async () => {
    const { store } = await started();
    for (const [spanId, nanos] of Object.entries({ third: 3n, first: 1n, second: 2n }))
      await store.addSpan(span({ spanId, startedAtNs: T0_NS + nanos }));
    expect((await store.getSpans('t1')).map(({ spanId }) => spanId)).toEqual(['first', 'second', 'third']);
  });
});

describe('an end before the start', () => {
  it('of a span is kept and marked', async () => {
    const { store } = await started();
    await store.addSpan(span({ endedAtNs: T0_NS - 1_000_000n }));
    expect(await only(store)).toMatchObject({
      startedAt: T0,
      endedAtNs: String(T0_NS - 1_000_000n),
      durationMs: 0,
      clockSkew: true,
    });
  });

  it('of a trace is kept and marked until a later word ends it after its start', async () => {
    const { store } = await started();
    await store.endTrace('t1', { status: 'completed', completedAt: at(-5) });
    expect(await store.getTrace('t1')).toMatchObject({ completedAt: at(-5), durationMs: 0, clockSkew: true });
    await store.endTrace('t1', { status: 'completed', completedAt: at(5) });
    const ended = await store.getTrace('t1');
    expect(ended).toMatchObject({ completedAt: at(5), durationMs: 5 });
    expect(ended).not.toHaveProperty('clockSkew');
  });
});

describe('a trace in nanoseconds', () => {
  it('has both ends, and the last word on each', async () => {
    const store = openStore();
    await store.startTrace({ ...trace(), startedAtNs: T0_NS + 7n });
    await store.endTrace('t1', { status: 'completed', endedAtNs: String(T0_NS + 1_000_009n) });
    expect(await store.getTrace('t1')).toMatchObject({
      startedAt: T0,
      startedAtNs: String(T0_NS + 7n),
      completedAt: at(1),
      endedAtNs: String(T0_NS + 1_000_009n),
      durationMs: 1.000002,
    });
    await store.endTrace('t1', { status: 'completed', completedAt: at(3) });
    const later = await store.getTrace('t1');
    expect(later).toMatchObject({ completedAt: at(3) });
    expect(later).not.toHaveProperty('endedAtNs');
  });
});

describe('events', () => {
  it('come back by time, with dates, nanoseconds and attributes', async () => {
    const { store, heard } = await started();
    const events = [
      { name: 'late', time: at(2) },
      { name: 'exact', timeNs: T0_NS + 1_000_001n, attributes: { chunk: 1 } },
      { name: 'early', time: at(1), custom: 'kept' },
    ];
    await store.addSpan(span({ events }));
    expect((await only(store))['events']).toEqual([
      { name: 'early', time: at(1), custom: 'kept' },
      { name: 'exact', time: at(1), timeNs: String(T0_NS + 1_000_001n), attributes: { chunk: 1 } },
      { name: 'late', time: at(2) },
    ]);
    expect(heard).toEqual([]);
  });

  it('that are none are left out, and reported', async () => {
    const { store, heard } = await started();
    const events = [{ name: 'good', time: at(1) }, { name: 'no time' }, 'nothing', { time: at(1) }];
    await store.addSpan(span({ events: events as never }));
    expect((await only(store))['events']).toEqual([{ name: 'good', time: at(1) }]);
    expect(heard).toMatchObject([{ code: 'INVALID_ARGUMENT', method: 'addSpan' }]);
  });
});
