/** Input that was made to break things: the right answer or a clear error, in bounded time, and the memory comes back. */
import type { TraceFilter } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { failure, openStore, session, span, T0, trace } from './support.js';
import { runScript } from './support/child.js';
import { checkRecorded, FRAGMENTS, own, record } from './support/hostile.js';

vi.setConfig({ testTimeout: 60_000 });

describe('fragments of SQL and JSON in every string field', () => {
  it('come back as they were, are found as they are, and disturb nobody', async () => {
    const store = openStore();
    await store.startTrace(trace({ traceId: 'bystander', tags: ['calm'] }));
    for (const [n, text] of FRAGMENTS.entries()) await record(store, text, n);
    for (const [n, text] of FRAGMENTS.entries()) await checkRecorded(store, text, n);
    expect((await store.info()).counts).toMatchObject({
      traces: FRAGMENTS.length + 1,
      spans: FRAGMENTS.length,
      sessions: FRAGMENTS.length,
      configSnapshots: FRAGMENTS.length,
    });
    expect(await store.getTrace('bystander')).toMatchObject({ tags: ['calm'], status: 'running' });
  });

  it('in a cursor, an enum or a date are refused', async () => {
    const store = openStore();
    for (const text of FRAGMENTS) {
      for (const filter of [{ cursor: text }, { status: text }, { after: text }, { limit: text }]) {
        const error = await failure(store.listTraces(filter as unknown as TraceFilter));
        expect(error.code, JSON.stringify(filter)).toBe('INVALID_ARGUMENT');
      }
      for (const field of ['kind', 'status', 'toolType', 'startedAt', 'durationMs']) {
        const error = await failure(store.addSpan({ ...span(), [field]: text }));
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: `span.${field}` });
      }
    }
  });
});

describe('keys that JavaScript gives a meaning', () => {
  const KEYS = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'toJSON',
    'hasOwnProperty',
    'then',
    'valueOf',
  ];

  it.each(KEYS)('%s is a key like any other at every place that takes any key', async (key) => {
    const store = openStore();
    const value = own(key, { polluted: true });
    await store.startTrace({
      ...trace({
        input: { prompt: '', parameters: value, metadata: value },
        apiInput: value,
        metadata: value,
      }),
      extra: value,
    } as never);
    await store.addSpan({
      ...span({ input: value, output: [value], metadata: value }),
      extra: value,
    } as never);
    await store.setTraceScores('t1', own(key, 1));
    await store.endTrace('t1', { status: 'failed', metadata: value, scores: own(key, 2), apiOutput: value });
    const stored = await store.getTrace('t1');
    const places = [
      stored?.input.parameters,
      stored?.input.metadata,
      stored?.apiInput,
      stored?.apiOutput,
      stored?.metadata,
      (stored as unknown as { extra: unknown }).extra,
      (await store.getSpans('t1'))[0]?.input,
      (await store.getSpans('t1'))[0]?.metadata,
    ];
    for (const place of places) expect(JSON.stringify(place)).toBe(JSON.stringify(value));
    expect(JSON.stringify(stored?.scores)).toBe(JSON.stringify(own(key, 2)));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(stored)).toBe(Object.prototype);
  });

  it.each(KEYS)('%s as a field of a document or a filter changes neither', async (key) => {
    const store = openStore();
    await store
      .startTrace({ ...own(key, { traceId: 'other', tags: ['other'] }), ...trace() })
      .catch(() => {});
    await store.startTrace(trace({ traceId: 't2' }));
    expect(await store.getTrace('other')).toBeNull();
    const filter = { ...own(key, { agentName: 'nobody' }), agentName: 'planner' } as TraceFilter;
    const listed = await store.listTraces(filter).catch((error: { code: string }) => error);
    expect('code' in listed ? listed.code === 'INVALID_ARGUMENT' : listed.total > 0).toBe(true);
  });
});

describe('ids at the limits', () => {
  it.each([
    ['a'.repeat(512)],
    ['é'.repeat(256)],
    ['\u{1f600}'.repeat(128)],
    ['\0'.repeat(512)],
    [' '],
    ['\n'],
  ])('are as good as any: %j', async (id) => {
    const store = openStore();
    await store.startTrace(trace({ traceId: id, sessionId: id, parentTraceId: id, configSnapshotId: id }));
    await store.addSpan(span({ traceId: id, spanId: id, parentSpanId: id }));
    await store.upsertSession(session({ sessionId: id }));
    expect(await store.getTrace(id)).toMatchObject({ traceId: id, sessionId: id });
    expect(await store.getSpans(id)).toMatchObject([{ spanId: id, parentSpanId: id }]);
    expect(await store.getSession(id)).toMatchObject({ sessionId: id, traceCount: 1 });
    expect((await store.listTraces({ sessionId: id })).total).toBe(1);
  });

  it('times and numbers at the limits come back', async () => {
    const store = openStore();
    const times = [new Date('1678-01-01'), new Date('2261-12-31T23:59:59.999Z'), new Date(0), T0];
    for (const [n, startedAt] of times.entries()) {
      await store.startTrace(
        trace({ traceId: `t${n}`, startedAt, userId: Number.MAX_VALUE, auditingId: -0 }),
      );
      await store.addSpan(span({ traceId: `t${n}`, startedAt, durationMs: Number.MAX_VALUE }));
      expect(await store.getTrace(`t${n}`)).toMatchObject({ startedAt, userId: Number.MAX_VALUE });
      expect(await store.getSpans(`t${n}`)).toMatchObject([{ startedAt, durationMs: Number.MAX_VALUE }]);
    }
    expect((await store.listTraces({ userId: Number.MAX_VALUE })).total).toBe(times.length);
    for (const userId of [Number.MAX_SAFE_INTEGER, 2 ** 63, -(2 ** 63), 2 ** 53 + 2, 1e21, 5e-324, 0.1]) {
      await store.startTrace(trace({ traceId: `n${userId}`, userId }));
      expect(await store.getTrace(`n${userId}`)).toMatchObject({ userId });
      expect((await store.listTraces({ userId })).traces.map(({ traceId }) => traceId)).toEqual([
        `n${userId}`,
      ]);
    }
  });
});

describe('ten thousand tags', () => {
  const tags = Array.from({ length: 10_000 }, (_, n) => `tag ${n}`);

  it('are stored, found, united and replaced', async () => {
    const store = openStore();
    await store.startTrace(trace({ tags }));
    await store.upsertSession(session({ tags }));
    await store.endTrace('t1', { status: 'completed', tags: [...tags, 'one more'] });
    expect((await store.getTrace('t1'))?.tags).toEqual([...tags, 'one more']);
    expect((await store.listTraces({ tags: ['tag 0', 'tag 9999', 'one more'] })).total).toBe(1);
    expect((await store.listSessions({ tags: ['tag 9999'] })).sessions[0]?.tags).toHaveLength(10_000);
    await store.setTraceTags('t1', ['few']);
    expect((await store.listTraces({ tags: ['tag 5'] })).total).toBe(0);
    expect((await store.getTrace('t1'))?.tags).toEqual(['few']);
  });

  it('in a filter are refused, and the same tag ten thousand times is one', async () => {
    const store = openStore();
    await store.startTrace(trace({ tags: ['a'] }));
    expect(await failure(store.listTraces({ tags }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await failure(store.listSessions({ tags }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    await store.setTraceTags(
      't1',
      Array.from({ length: 10_000 }, () => 'b'),
    );
    expect((await store.listTraces({ tags: ['b'] })).total).toBe(1);
  });
});

describe('many names, given a second time', () => {
  it('are merged and united', { timeout: 30_000 }, async () => {
    const store = openStore();
    const names = Array.from({ length: 100_000 }, (_, n) => `name ${n}`);
    const values = Object.fromEntries(names.map((name, n) => [name, n]));
    await store.startTrace(trace({ tags: names, metadata: values }));
    await store.setTraceScores('t1', values);
    await store.endTrace('t1', { status: 'completed', tags: names, metadata: values, scores: values });
    const stored = await store.getTrace('t1');
    expect(stored?.tags).toEqual(names);
    expect(stored?.metadata).toEqual(values);
    expect(stored?.scores).toEqual(values);
  });
});

describe('giants, in a process of their own', () => {
  it.each(['keys', 'levels', 'string', 'escapes', 'elements', 'hollow'])(
    '%s: right or refused, and never a hang, and the memory comes back',
    { timeout: 150_000 },
    async (giant) => {
      // A million keys take 9 s of a processor that nobody else wants.
      const options = { nodeFlags: ['--expose-gc'], timeoutMs: 120_000 };
      const outcome = await runScript('hostile.mjs', { giant }, options);
      expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' });
      const { problems, grownMB } = JSON.parse(outcome.stdout) as Report;
      expect(problems).toEqual([]);
      // Allocators keep some; what must not stay is a copy per round.
      expect(grownMB).toBeLessThan(150);
    },
  );
});

interface Report {
  problems: string[];
  grownMB: number;
}
