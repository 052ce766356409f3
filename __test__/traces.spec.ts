/** Traces through the contract: start, end, API input and output, scores, tags. */
import type { TraceEndInput } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, span, T0, trace } from './support.js';

describe('startTrace', () => {
  it('stores a running trace', async () => {
    const store = openStore();
    const given = trace({
      configSnapshotId: 'cfg1',
      sessionId: 'c1',
      parentTraceId: 't0',
      apiInput: { path: '/chat' },
      tags: ['b', 'a'],
      metadata: { release: '9' },
    });
    await store.startTrace(given);
    expect(await store.getTrace('t1')).toEqual({ schemaVersion: 1, status: 'running', ...given });
  });

  it('fills in the start and empty tags, and nothing else', async () => {
    const store = openStore();
    const { startedAt: _, ...given } = trace();
    const before = Date.now();
    await store.startTrace(given);
    const stored = await store.getTrace('t1');
    expect(stored?.startedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(stored?.startedAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(stored).toEqual({
      schemaVersion: 1,
      status: 'running',
      tags: [],
      startedAt: stored?.startedAt,
      ...given,
    });
  });

  it('takes null in an optional field for an absent one, and keeps it in one of any type', async () => {
    const store = openStore();
    await store.startTrace(trace({ sessionId: null, metadata: null, apiInput: null, tags: null } as never));
    const stored = await store.getTrace('t1');
    expect(stored).not.toHaveProperty('sessionId');
    expect(stored).not.toHaveProperty('metadata');
    expect(stored).toMatchObject({ apiInput: null, tags: [] });
  });

  it('keeps unknown keys, in order, at every level', async () => {
    const store = openStore();
    const own = { zeta: { deep: [1, { b: 1, a: 2 }] }, alpha: 'x' };
    const input = { prompt: 'p', parameters: {}, own: true };
    await store.startTrace({ ...trace(), ...own, input });
    const stored = { ...(await store.getTrace('t1')) } as Record<string, unknown>;
    expect(stored).toMatchObject({ ...own, input });
    expect(Object.keys(stored).filter((key) => key in own)).toEqual(['zeta', 'alpha']);
  });

  it('refuses an id that is taken, and leaves the first trace as it was', async () => {
    const store = openStore();
    await store.startTrace(trace());
    const error = await failure(store.startTrace(trace({ agentName: 'other' })));
    expect(error).toMatchObject({ code: 'ALREADY_EXISTS', method: 'startTrace' });
    expect(error.message).toContain('"t1"');
    expect(await store.getTrace('t1')).toMatchObject({ agentName: 'planner' });
    expect((await store.listTraces()).total).toBe(1);
  });
});

describe('endTrace', () => {
  const end: TraceEndInput = {
    status: 'completed',
    output: { success: true, data: { answer: 42 }, toolsUsed: ['search'] },
    completedAt: at(1500),
    durationMs: 1499.5,
    tokens: { input: 1, output: 2, total: 3 },
    cost: { total: 0.25, byModel: { m: 0.25 }, currency: 'USD' },
    apiOutput: { code: 200 },
    scores: { quality: 0.5 },
    tags: ['late'],
    metadata: { region: 'eu' },
  };

  it('stores what it is given beside what the start gave', async () => {
    const store = openStore();
    await store.startTrace(trace({ tags: ['a'] }));
    await store.endTrace('t1', end);
    expect(await store.getTrace('t1')).toEqual({ schemaVersion: 1, ...trace(), ...end, tags: ['a', 'late'] });
  });

  it('fills in the end and the duration', async () => {
    const store = openStore();
    const before = Date.now();
    await store.startTrace(trace({ traceId: 'a', startedAt: new Date(before - 5000) }));
    await store.endTrace('a', { status: 'timeout' });
    const stored = await store.getTrace('a');
    expect(stored?.completedAt?.getTime()).toBeGreaterThanOrEqual(before);
    expect(stored?.durationMs).toBe((stored?.completedAt?.getTime() ?? 0) - (before - 5000));

    await store.startTrace(trace({ traceId: 'b' }));
    await store.endTrace('b', { status: 'failed', completedAt: at(250) });
    expect(await store.getTrace('b')).toMatchObject({
      status: 'failed',
      completedAt: at(250),
      durationMs: 250,
    });
  });

  it.each([250, 7, undefined])(
    'a duration of %j is kept at a later end, or computed anew if none was given',
    async (durationMs) => {
      const store = openStore();
      await store.startTrace(trace());
      await store.endTrace('t1', { status: 'failed', completedAt: at(250), durationMs } as TraceEndInput);
      await store.endTrace('t1', { status: 'completed', completedAt: at(900) });
      expect((await store.getTrace('t1'))?.durationMs).toBe(durationMs ?? 900);
    },
  );

  it('of an unknown trace is NOT_FOUND', async () => {
    const error = await failure(openStore().endTrace('nope', { status: 'failed' }));
    expect(error).toMatchObject({ code: 'NOT_FOUND', method: 'endTrace' });
    expect(error.message).toContain('"nope"');
  });

  it('of an ended trace: the later word wins for the fields it gives, the others stay', async () => {
    const store = openStore();
    await store.startTrace(trace({ metadata: { release: '9', region: 'us' } }));
    await store.endTrace('t1', end);
    await store.endTrace('t1', {
      status: 'failed',
      output: { success: false, error: 'late' },
      scores: { speed: 1 },
      tags: ['late', 'z'],
      metadata: { region: 'ap' },
    });
    expect(await store.getTrace('t1')).toEqual({
      schemaVersion: 1,
      ...trace(),
      ...end,
      status: 'failed',
      output: { success: false, error: 'late' },
      scores: { quality: 0.5, speed: 1 },
      tags: ['late', 'z'],
      metadata: { release: '9', region: 'ap' },
    });
  });

  it('clears a field with null', async () => {
    const store = openStore();
    await store.startTrace(trace({ tags: ['a'], metadata: { a: 1 } }));
    await store.endTrace('t1', end);
    await store.endTrace('t1', {
      status: 'completed',
      output: null,
      tokens: null,
      cost: null,
      apiOutput: null,
      scores: null,
      tags: null,
      metadata: null,
    });
    expect(await store.getTrace('t1')).toEqual({
      schemaVersion: 1,
      ...trace(),
      status: 'completed',
      completedAt: at(1500),
      durationMs: 1499.5,
      tags: [],
    });
  });

  it('keeps unknown keys', async () => {
    const store = openStore();
    await store.startTrace(trace());
    await store.endTrace('t1', { status: 'completed', own: [1] } as TraceEndInput);
    expect(await store.getTrace('t1')).toMatchObject({ own: [1] });
  });
});

describe('setApiIO', () => {
  it('sets what it is given, keeps the rest, clears with null', async () => {
    const store = openStore();
    await store.startTrace(trace({ apiInput: { first: true } }));
    await store.setApiIO('t1', { apiOutput: 'out' });
    expect(await store.getTrace('t1')).toMatchObject({ apiInput: { first: true }, apiOutput: 'out' });
    await store.setApiIO('t1', { apiInput: null, apiOutput: undefined });
    expect(await store.getTrace('t1')).not.toHaveProperty('apiInput');
    expect(await store.getTrace('t1')).toMatchObject({ apiOutput: 'out' });
    await store.setApiIO('t1', {});
  });
});

describe('setTraceScores', () => {
  it('merges with the scores present', async () => {
    const store = openStore();
    await store.startTrace(trace());
    await store.setTraceScores('t1', { a: 1, b: 2 });
    await store.setTraceScores('t1', { b: -3.5, c: 0 });
    expect((await store.getTrace('t1'))?.scores).toEqual({ a: 1, b: -3.5, c: 0 });
  });
});

describe('setTraceTags', () => {
  it('replaces the tags, keeps their order, and filters see the change', async () => {
    const store = openStore();
    await store.startTrace(trace({ tags: ['old', 'both'] }));
    await store.setTraceTags('t1', ['z', 'both', 'a']);
    expect((await store.getTrace('t1'))?.tags).toEqual(['z', 'both', 'a']);
    expect((await store.listTraces({ tags: ['old'] })).total).toBe(0);
    expect((await store.listTraces({ tags: ['both', 'a'] })).total).toBe(1);
  });
});

it.each([
  ['setApiIO', (store: ReturnType<typeof openStore>, id: string) => store.setApiIO(id, { apiInput: 1 })],
  ['setTraceScores', (store: ReturnType<typeof openStore>, id: string) => store.setTraceScores(id, { a: 1 })],
  ['setTraceTags', (store: ReturnType<typeof openStore>, id: string) => store.setTraceTags(id, ['a'])],
])('%s of a trace of which nothing has arrived is NOT_FOUND', async (method, call) => {
  const store = openStore();
  expect(await failure(call(store, 'nope'))).toMatchObject({ code: 'NOT_FOUND', method });
  expect((await store.info()).counts.traces).toBe(0);
  await store.addSpan(span({ traceId: 'nope' }));
  await call(store, 'nope');
});

it('ids are kept as they are: long, with spaces, with letters of any script', async () => {
  const store = openStore();
  for (const traceId of ['x'.repeat(512), ' a b ', 'ключ/日本/🔑', "'; drop table trace; --"]) {
    await store.startTrace(trace({ traceId }));
    expect((await store.getTrace(traceId))?.traceId).toBe(traceId);
  }
});

it('times keep their milliseconds, from 1678 to 2261', async () => {
  const store = openStore();
  for (const startedAt of [
    new Date('1678-01-01T00:00:00.001Z'),
    new Date(-1),
    T0,
    new Date('2261-12-31T23:59:59.999Z'),
  ]) {
    const traceId = startedAt.toISOString();
    await store.startTrace(trace({ traceId, startedAt }));
    expect((await store.getTrace(traceId))?.startedAt).toEqual(startedAt);
  }
});
