/** `addEvents`: events that are added to a span, before it, while it runs and after it. */
import { join } from 'node:path';
import type { SpanEventInput, SqliteTraceStore, TraceStoreError } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, span, T0, tempFolder, trace } from './support.js';
import { begun, IDS, readSpan } from './support/live.js';

const event = (n: number, more: object = {}): SpanEventInput => ({ name: `e${n}`, time: at(n), ...more });

async function names(store: SqliteTraceStore): Promise<string> {
  return ((await readSpan(store)).events ?? []).map(({ name }) => name).join(' ');
}

describe('events come by time, whoever gave them', () => {
  it('before, with and after a span that runs', async () => {
    const store = openStore();
    expect(await store.addEvents(...IDS, [event(5), event(1)])).toEqual({ version: 1 });
    expect(await store.getSpans('t1')).toEqual([]);
    expect((await store.info()).counts.spans).toBe(0);
    await store.startSpan(begun({ events: [event(2)] }));
    expect(await store.addEvents(...IDS, [event(4)])).toEqual({ version: 3 });
    expect(await names(store)).toBe('e1 e2 e4 e5');
    await store.endSpan(...IDS, { endedAt: at(9) });
    await store.addEvents(...IDS, [event(3)]);
    expect(await names(store)).toBe('e1 e2 e3 e4 e5');
    expect(await readSpan(store)).toMatchObject({ durationMs: 9, events: expect.any(Array) });
    expect(await readSpan(store)).not.toHaveProperty('state');
    expect((await store.verify()).problems).toEqual([]);
  });

  it('to the nanosecond, equal ones in the order of writing', async () => {
    const store = openStore();
    const nanos = (n: bigint): SpanEventInput => ({
      name: `n${n}`,
      timeNs: BigInt(T0.getTime()) * 1_000_000n + n,
    });
    await store.addSpan(span({ events: [nanos(7n), { name: 'own', time: T0 }] }));
    await store.addEvents(...IDS, [nanos(8n), { name: 'first', time: T0 }]);
    await store.addEvents(...IDS, [nanos(6n), { name: 'second', time: T0 }]);
    expect(await names(store)).toBe('own first second n6 n7 n8');
    const [, , , exact] = (await readSpan(store)).events!;
    expect(exact).toEqual({ name: 'n6', time: T0, timeNs: String(BigInt(T0.getTime()) * 1_000_000n + 6n) });
  });

  it('and never show a span that does not come', async () => {
    const store = openStore();
    await store.addEvents(...IDS, [event(1)]);
    await store.updateSpan(...IDS, { output: 1 });
    expect(await store.getSpan(...IDS)).toBeNull();
    expect(await store.getSpans('t1')).toEqual([]);
  });
});

describe('a later word', () => {
  it('with events replaces all of them, and null clears them', async () => {
    const store = openStore();
    await store.startSpan(begun({ events: [event(1)] }));
    await store.addEvents(...IDS, [event(2)]);
    await store.updateSpan(...IDS, { output: 1 });
    expect(await names(store)).toBe('e1 e2');
    await store.updateSpan(...IDS, { events: [event(3)] });
    await store.addEvents(...IDS, [event(4)]);
    expect(await names(store)).toBe('e3 e4');
    await store.endSpan(...IDS, { events: null });
    expect(await readSpan(store)).not.toHaveProperty('events');
    await store.addEvents(...IDS, [event(5)]);
    expect(await names(store)).toBe('e5');
    expect((await store.verify()).problems).toEqual([]);
  });

  it('more than are looked at ago, too', async () => {
    const store = openStore();
    await store.addEvents(...IDS, [event(1)]);
    for (let n = 0; n < 100; n++) void store.updateSpan(...IDS, { metadata: { [`k${n}`]: n } });
    await store.updateSpan(...IDS, { events: null });
    await store.addEvents(...IDS, [event(2)]);
    await store.addSpan(span({ events: [event(3)] }));
    expect(await names(store)).toBe('e2 e3');
    expect((await store.verify()).problems).toEqual([]);
  });

  it('of a running span moves its duration, and of an ended one does not', async () => {
    const store = openStore();
    await store.startSpan(begun({ startedAt: new Date(Date.now() - 60_000) }));
    const before = await readSpan(store);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.addEvents(...IDS, [event(1)]);
    const after = await readSpan(store);
    expect(after).toMatchObject({ state: 'running', status: 'ok' });
    expect(after.durationMs).toBeGreaterThan(before.durationMs);
    await store.endSpan(...IDS, { endedAt: after.startedAt });
    await store.addEvents(...IDS, [event(2)]);
    expect(await readSpan(store)).toMatchObject({ durationMs: 0, status: 'ok' });
  });
});

describe('addSpan over events that were added', () => {
  it('leaves them, and replaces what the span gave', async () => {
    const store = openStore();
    await store.addSpan(span({ events: [event(1)] }));
    await store.addEvents(...IDS, [event(2)]);
    await store.updateSpan(...IDS, { output: 'gone' });
    await store.addSpan(span({ events: [event(3)] }));
    expect(await names(store)).toBe('e2 e3');
    expect(await readSpan(store)).not.toHaveProperty('output');
  });

  it('shows one that it gives again once, so that a span that was read can be written', async () => {
    const store = openStore();
    const twice = event(1, { attributes: { a: [1, { b: 'x'.repeat(300) }] } });
    await store.addSpan(span({ events: [event(0)] }));
    await store.addEvents(...IDS, [twice, event(2)]);
    await store.addEvents(...IDS, [twice, { name: 'ns', timeNs: '1767322800000000001' }]);
    const read = await readSpan(store);
    expect(read.events).toHaveLength(5);
    for (let n = 0; n < 3; n++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await store.addSpan(await readSpan(store));
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      expect(await readSpan(store)).toEqual(read);
    }
    await store.addEvents(...IDS, [event(2, { attributes: { other: true } })]);
    expect((await readSpan(store)).events).toHaveLength(6);
    expect((await store.verify()).problems).toEqual([]);
  });
});

it('adding costs what is added: nothing of the others is written again', async () => {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path });
  await store.startTrace(trace());
  await store.startSpan(begun());
  for (let n = 0; n < 2000; n++) void store.addEvents(...IDS, [event(n, { attributes: { n } })]);
  await store.flush();
  const { events } = await readSpan(store);
  expect(events).toEqual(Array.from({ length: 2000 }, (_, n) => event(n, { attributes: { n } })));
  // Each word takes about 250 bytes with its row; the list of all of them, 2,000 times, would take a hundred million.
  expect((await store.info()).bytesStored).toBeLessThan(1_500_000);
  expect((await store.verify()).problems).toEqual([]);
});

describe('what is given wrongly', () => {
  it('is left out one by one, and reported', async () => {
    const heard: TraceStoreError[] = [];
    const store = openStore({ onError: (error) => heard.push(error) });
    await store.addSpan(span());
    await store.addEvents(...IDS, [event(1), { name: 'no time' }, 5 as never, event(2)]);
    expect(await names(store)).toBe('e1 e2');
    expect(heard).toMatchObject([
      { code: 'INVALID_ARGUMENT', method: 'addEvents', field: expect.stringContaining('events[') },
    ]);
  });

  it.each<[unknown, string]>([
    [undefined, 'events'],
    [null, 'events'],
    [{}, 'events'],
    ['e', 'events'],
  ])('%j for a list is refused', async (events, field) => {
    const error = await failure(openStore().addEvents(...IDS, events as never));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'addEvents', field });
  });

  it('ids and versions', async () => {
    const failed: unknown[] = [];
    const store = openStore({ onError: (_error, operation) => failed.push(operation) });
    expect((await failure(store.addEvents('', 's1', []))).field).toBe('traceId');
    expect((await failure(store.addEvents('t1', 5 as never, []))).field).toBe('spanId');
    expect((await failure(store.addEvents(...IDS, [], { ifVersion: 1 }))).code).toBe('CONFLICT');
    expect(await store.addEvents(...IDS, [], { ifVersion: 0 })).toEqual({ version: 1 });
    expect(failed.at(-1)).toEqual({ method: 'addEvents', traceId: 't1', spanId: 's1' });
    expect(await openStore({ enabled: false }).addEvents(...IDS, [])).toEqual({ version: 0 });
  });
});

describe('content', () => {
  const secret = [event(1, { attributes: { secret: 'hunter2' } })];

  it('stays out, names and times are kept', async () => {
    const store = openStore({ captureContent: false });
    await store.addSpan(span());
    await store.addEvents(...IDS, secret);
    expect((await readSpan(store)).events).toEqual([
      { name: 'e1', time: at(1), attributes: { omitted: 'object', keys: 1 } },
    ]);
  });

  it('is offered to redact, and nothing of it kept where that fails', async () => {
    const asked: unknown[] = [];
    const store = openStore({
      redact: (value, where) => {
        asked.push(where);
        if (JSON.stringify(value).includes('e2')) throw new Error('no');
        return [event(9)];
      },
    });
    await store.addSpan(span());
    await store.addEvents(...IDS, secret);
    await store.addEvents(...IDS, [event(2)]);
    expect(await names(store)).toBe('e9');
    const [traceId, spanId] = IDS;
    expect(asked[0]).toEqual({ method: 'addEvents', document: 'span', field: 'events', traceId, spanId });
  });
});
