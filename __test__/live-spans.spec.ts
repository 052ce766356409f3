/** Spans in several words: `startSpan`, `updateSpan` and `endSpan`, in whatever order they come. */
import { describe, expect, it } from 'vitest';
import { at, openStore, span, without } from './support.js';
import { begun, IDS, readSpan as read } from './support/live.js';

/** That it is running, and the time from its start to its last word, are told beside what was given. */
const RUNNING = {
  schemaVersion: 1,
  state: 'running',
  status: 'ok',
  durationMs: expect.any(Number) as number,
};

describe('a span from its start to its end', () => {
  it('reads as running, then as one that was added whole', async () => {
    const store = openStore();
    const given = { input: { q: 1 }, metadata: { a: 1 }, genAiAttributes: { 'gen_ai.request.model': 'm' } };
    expect(await store.startSpan(begun(given))).toEqual({ version: 1 });
    expect(await read(store)).toEqual({ ...begun(given), ...RUNNING });
    expect(await store.updateSpan(...IDS, { output: ['half'], metadata: { b: 2 } })).toEqual({ version: 2 });
    expect(await read(store)).toEqual({
      ...begun(given),
      ...RUNNING,
      output: ['half'],
      metadata: { a: 1, b: 2 },
    });
    const end = { output: ['whole'], genAiAttributes: { 'gen_ai.usage.input_tokens': 5 }, endedAt: at(250) };
    expect(await store.endSpan(...IDS, end)).toEqual({ version: 3 });
    expect(await read(store)).toEqual({
      schemaVersion: 1,
      ...begun(given),
      status: 'ok',
      durationMs: 250,
      output: ['whole'],
      metadata: { a: 1, b: 2 },
      genAiAttributes: { 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 5 },
    });
    expect((await store.info()).counts.spans).toBe(1);
  });

  it('starts and ends now, and lasts up to its last word', async () => {
    const store = openStore();
    const before = Date.now();
    await store.startSpan(without(begun(), 'startedAt') as never);
    const { startedAt } = await read(store);
    expect(startedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(startedAt.getTime()).toBeLessThanOrEqual(Date.now());
    await new Promise((resolve) => setTimeout(resolve, 20));
    await store.updateSpan(...IDS, { name: 'again' });
    const { durationMs } = await read(store);
    expect(durationMs).toBeGreaterThanOrEqual(15);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await read(store)).durationMs).toBe(durationMs);
    await store.endSpan(...IDS);
    expect((await read(store)).durationMs).toBeGreaterThanOrEqual(durationMs + 15);
  });

  it.each<[string, object, object]>([
    ['nothing', {}, { status: 'ok' }],
    ['an error', { error: 'e' }, { status: 'error', error: 'e' }],
    ['an error and a status', { error: 'e', status: 'ok' }, { status: 'ok', error: 'e' }],
    ['a duration', { durationMs: 7 }, { durationMs: 7 }],
    ['a bad duration', { durationMs: Number.NaN, endedAt: at(3) }, { durationMs: 3 }],
    ['an end before its start', { endedAt: at(-5) }, { durationMs: 0 }],
  ])('ended with %s', async (_name, end, expected) => {
    const store = openStore();
    await store.startSpan(begun());
    await store.endSpan(...IDS, end);
    expect(await read(store)).toMatchObject(expected);
    expect(await read(store)).not.toHaveProperty('state');
  });

  it('that is an event has no end and is not running', async () => {
    const store = openStore();
    await store.startSpan(begun({ isEvent: true }));
    expect(await read(store)).toEqual({
      schemaVersion: 1,
      ...begun(),
      isEvent: true,
      status: 'ok',
      durationMs: 0,
    });
    await store.addSpan(span({ isEvent: true }));
    expect(await read(store)).toEqual({ schemaVersion: 1, ...span(), isEvent: true });
  });
});

describe('words in another order', () => {
  it('a start after the end changes nothing', async () => {
    const store = openStore();
    await store.startSpan(begun());
    await store.endSpan(...IDS, { endedAt: at(5), output: 1 });
    const ended = await read(store);
    expect(await store.startSpan(begun({ name: 'late', input: 'late' }))).toEqual({ version: 2 });
    expect(await read(store)).toEqual(ended);
    await store.addSpan(span({ input: 'whole' }));
    await store.startSpan(begun({ output: 'late' }));
    expect(await read(store)).toEqual({ schemaVersion: 1, ...span(), input: 'whole' });
  });

  it('a second start completes what is absent', async () => {
    const store = openStore();
    await store.startSpan(begun({ input: 'first', metadata: { a: 1 } }));
    const second = {
      input: 'second',
      metadata: { a: 2, b: 2 },
      name: 'second',
      parentSpanId: 'p',
      error: 'e',
    };
    await store.startSpan(begun(second));
    await store.startSpan(begun({ error: 'third', output: 'third' }));
    expect(await read(store)).toEqual({
      ...begun(),
      ...RUNNING,
      input: 'first',
      metadata: { a: 1, b: 2 },
      parentSpanId: 'p',
      error: 'e',
      output: 'third',
    });
  });

  it('updates before the start are kept, seen by nobody, and joined', async () => {
    const store = openStore();
    await store.updateSpan(...IDS, { output: 'early', metadata: { a: 1 }, name: 'early' });
    await store.updateSpan(...IDS, { metadata: { b: 1 } });
    expect(await store.getSpans('t1')).toEqual([]);
    expect(await store.getSpans('t1', { limit: 5 })).toEqual({ spans: [], hasMore: false });
    expect((await store.info()).counts.spans).toBe(0);
    expect(await store.startSpan(begun({ metadata: { a: 0, c: 0 }, output: 'late' }))).toEqual({
      version: 3,
    });
    expect(await read(store)).toEqual({
      ...begun(),
      ...RUNNING,
      name: 'early',
      output: 'early',
      metadata: { a: 1, b: 1, c: 0 },
    });
    expect((await store.info()).counts.spans).toBe(1);
  });

  it('an end alone is custom, without a name, and starts when it ends', async () => {
    const store = openStore();
    await store.endSpan(...IDS, { output: 1, endedAt: at(9) });
    expect(await read(store)).toEqual({
      schemaVersion: 1,
      spanId: 's1',
      traceId: 't1',
      kind: 'custom',
      name: '',
      status: 'ok',
      startedAt: at(9),
      durationMs: 0,
      output: 1,
    });
    expect((await store.info()).counts.spans).toBe(1);
  });

  it('a second end replaces what it gives, and an update changes fields and not the state', async () => {
    const store = openStore();
    await store.startSpan(begun());
    await store.endSpan(...IDS, { endedAt: at(5), output: 1, error: 'e' });
    await store.endSpan(...IDS, { output: 2 });
    expect(await read(store)).toMatchObject({ durationMs: 5, output: 2, error: 'e', status: 'error' });
    await store.endSpan(...IDS, { endedAt: at(7), status: 'ok', error: null });
    await store.updateSpan(...IDS, { name: 'renamed', output: null });
    expect(await read(store)).toEqual({ schemaVersion: 1, ...span(), durationMs: 7, name: 'renamed' });
  });

  it('addSpan replaces everything', async () => {
    const store = openStore();
    await store.updateSpan(...IDS, { output: 'early' });
    await store.startSpan(begun({ input: 'i' }));
    await store.updateSpan(...IDS, { metadata: { a: 1 } });
    await store.addSpan(span({ input: null }));
    expect(await read(store)).toEqual({ schemaVersion: 1, ...span(), input: null });
    await store.updateSpan(...IDS, { output: 'later' });
    expect(await read(store)).toEqual({ schemaVersion: 1, ...span(), input: null, output: 'later' });
    const { ok, problems } = await store.verify();
    expect({ ok, problems }).toEqual({ ok: true, problems: [] });
  });

  it('null clears, and merging goes one level deep', async () => {
    const store = openStore();
    const given = {
      parentSpanId: 'p',
      toolType: 'mcp',
      input: 'i',
      metadata: { a: { x: 1 }, b: 1 },
    } as const;
    await store.startSpan(begun(given));
    await store.updateSpan(...IDS, { metadata: { a: { y: 2 } } });
    expect((await read(store)).metadata).toEqual({ a: { y: 2 }, b: 1 });
    await store.updateSpan(...IDS, { parentSpanId: null, toolType: null, input: null, metadata: null });
    expect(await read(store)).toEqual({ ...begun(), ...RUNNING });
    await store.updateSpan(...IDS, { metadata: JSON.parse('{"c":null,"__proto__":2}') as object });
    expect((await read(store)).metadata).toEqual(JSON.parse('{"c":null,"__proto__":2}'));
  });

  it('several in one tick apply in their order', async () => {
    const store = openStore();
    const words = [
      store.startSpan(begun()),
      ...Array.from({ length: 20 }, (_, n) => store.updateSpan(...IDS, { output: n, name: `n${n}` })),
      store.endSpan(...IDS, { endedAt: at(1) }),
    ];
    expect(await Promise.all(words)).toEqual(words.map((_, n) => ({ version: n + 1 })));
    expect(await read(store)).toEqual({
      schemaVersion: 1,
      ...span(),
      durationMs: 1,
      output: 19,
      name: 'n19',
    });
  });
});
