/** Traces that nobody starts: there from their first span on, told in parts by `ensureTrace`. */
import type { SqliteTraceStore, Trace } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, span, T0, trace } from './support.js';

const read = async (store: SqliteTraceStore) => (await store.getTrace('t1')) as Trace;

describe('a trace of which only spans are known', () => {
  it('follows its first root span', async () => {
    const store = openStore();
    const facts = { sessionId: 'c9', userId: 3, endUserId: 'ann' };
    const genAiAttributes = { 'gen_ai.request.model': 'm-1', 'gen_ai.conversation.id': 'other' };
    await store.addSpan(span({ name: 'run', startedAt: at(5), durationMs: 20, genAiAttributes, ...facts }));
    expect(await read(store)).toEqual({
      schemaVersion: 1,
      traceId: 't1',
      agentName: 'run',
      agentVersion: '',
      status: 'completed',
      input: { prompt: '', parameters: {} },
      userId: 3,
      auditingId: 0,
      endUserId: 'ann',
      sessionId: 'c9',
      model: 'm-1',
      startedAt: at(5),
      completedAt: at(25),
      durationMs: 20,
      tags: [],
    });
    expect((await store.info()).counts).toMatchObject({ traces: 1, spans: 1 });
    expect(await store.listTraces({ agentName: 'run', endUserId: 'ann', status: 'completed' })).toMatchObject(
      { total: 1 },
    );
    expect(await store.listTraces({ userId: 0 })).toMatchObject({ total: 0 });
  });

  it('runs since the earliest start until there is a root', async () => {
    const store = openStore();
    await store.addSpan(span({ spanId: 'late', parentSpanId: 'root', startedAt: at(9) }));
    await store.addSpan(span({ spanId: 'early', parentSpanId: 'root', startedAt: at(2) }));
    expect(await read(store)).toMatchObject({ agentName: '', status: 'running', startedAt: at(2) });
    await store.addSpan(
      span({ spanId: 'root', name: 'run', startedAt: at(1), durationMs: 50, status: 'error' }),
    );
    expect(await read(store)).toMatchObject({
      agentName: 'run',
      status: 'failed',
      startedAt: at(1),
      completedAt: at(51),
    });
  });

  it('follows another root when that is first, or the first is no longer one', async () => {
    const store = openStore();
    const names = async () => (await store.getTrace('t1'))?.agentName;
    await store.addSpan(span({ spanId: 'b', name: 'second', startedAt: at(2) }));
    await store.addSpan(span({ spanId: 'c', name: 'third', startedAt: at(3) }));
    expect(await names()).toBe('second');
    await store.addSpan(span({ spanId: 'a', name: 'first', startedAt: at(1) }));
    expect(await names()).toBe('first');
    await store.addSpan(span({ spanId: 'a', name: 'first', startedAt: at(9) }));
    expect(await names()).toBe('second');
    await store.addSpan(span({ spanId: 'b', name: 'second', startedAt: at(2), parentSpanId: 'c' }));
    expect(await names()).toBe('third');
  });

  it('takes every word that a started one takes', async () => {
    const store = openStore();
    await store.addSpan(span());
    await store.setTraceTags('t1', ['kept']);
    await store.setTraceScores('t1', { good: 1 });
    await store.setApiIO('t1', { apiInput: 'in' });
    await store.endTrace('t1', { status: 'timeout', completedAt: at(99), tags: ['end'] });
    await store.addSpan(span({ spanId: 'later', name: 'earlier root', startedAt: at(-9) }));
    expect(await read(store)).toMatchObject({
      agentName: 'earlier root',
      status: 'timeout',
      completedAt: at(99),
      tags: ['kept', 'end'],
      scores: { good: 1 },
      apiInput: 'in',
    });
  });

  it('is found by verify and survives', async () => {
    const store = openStore();
    await store.addSpan(span());
    await store.ensureTrace({ traceId: 't2' });
    expect(await store.verify()).toMatchObject({ ok: true, counts: { traces: 2, spans: 1 } });
  });
});

describe('startTrace', () => {
  it('takes over, and the trace runs until endTrace', async () => {
    const store = openStore({ defaultTags: ['default'] });
    await store.addSpan(span({ name: 'root', startedAt: at(-50), endUserId: 'ann' }));
    await store.setTraceTags('t1', ['before']);
    await store.startTrace(trace({ tags: ['given'] }));
    const started = await read(store);
    expect(started).toMatchObject({
      agentName: 'planner',
      status: 'running',
      startedAt: T0,
      userId: 7,
      input: { prompt: 'hello' },
      tags: ['given', 'default', 'before'],
    });
    expect(started).not.toHaveProperty('completedAt');
    expect(started).not.toHaveProperty('endUserId');
    await store.addSpan(span({ spanId: 'other', name: 'no longer asked', startedAt: at(-99) }));
    expect(await read(store)).toEqual(started);
    expect((await failure(store.startTrace(trace()))).code).toBe('ALREADY_EXISTS');
  });

  it('never reopens an end', async () => {
    const store = openStore();
    await store.addSpan(span());
    await store.endTrace('t1', { status: 'failed', completedAt: at(7), output: { success: false } });
    await store.startTrace(trace());
    expect(await read(store)).toMatchObject({
      agentName: 'planner',
      status: 'failed',
      completedAt: at(7),
      output: { success: false },
    });
  });
});

describe('ensureTrace', () => {
  it('makes a trace of what is known, and completes it', async () => {
    const store = openStore({ defaultTags: ['default'] });
    const before = Date.now();
    await store.ensureTrace({ traceId: 't1', tags: ['a'], metadata: { one: 1 } });
    const made = await read(store);
    expect(made).toMatchObject({ agentName: '', userId: 0, status: 'running', tags: ['a', 'default'] });
    expect(made.startedAt.getTime()).toBeGreaterThanOrEqual(before);
    await store.addSpan(span({ parentSpanId: 'p', startedAt: at(3) }));
    expect(await read(store)).toMatchObject({ startedAt: at(3), status: 'running' });
    await store.ensureTrace({
      traceId: 't1',
      agentName: 'told',
      userId: 5,
      tags: ['b'],
      metadata: { two: 2 },
    });
    await store.addSpan(span({ spanId: 'p', name: 'root', startedAt: at(1), durationMs: 10 }));
    expect(await read(store)).toMatchObject({
      agentName: 'told',
      userId: 5,
      startedAt: at(1),
      completedAt: at(11),
      status: 'completed',
      tags: ['a', 'default', 'b'],
      metadata: { one: 1, two: 2 },
    });
    expect(await store.listTraces({ userId: 5, agentName: 'told' })).toMatchObject({ total: 1 });
  });

  it('corrects until the end, and only completes after it', async () => {
    const store = openStore();
    await store.startTrace(trace({ sessionId: 'c1' }));
    await store.ensureTrace({ traceId: 't1', agentName: 'corrected', sessionId: 'c2', startedAt: at(-5) });
    expect(await read(store)).toMatchObject({
      agentName: 'corrected',
      sessionId: 'c2',
      startedAt: at(-5),
      status: 'running',
    });
    expect((await store.listTraces({ sessionId: 'c1' })).total).toBe(0);
    await store.endTrace('t1', { status: 'completed', completedAt: at(9) });
    await store.ensureTrace({
      traceId: 't1',
      agentName: 'too late',
      endUserId: 'ann',
      metadata: { late: true },
    });
    expect(await read(store)).toMatchObject({
      agentName: 'corrected',
      endUserId: 'ann',
      metadata: { late: true },
    });
    expect((await store.info()).failedWrites).toBe(0);
  });

  it('refuses what only the end can tell', async () => {
    const store = openStore();
    for (const field of ['status', 'completedAt', 'durationMs']) {
      const error = await failure(store.ensureTrace({ traceId: 't1', [field]: 'x' }));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: `trace.${field}` });
    }
    expect((await failure(store.ensureTrace({} as never))).field).toBe('trace.traceId');
  });

  it('keeps no content where none is to be kept, and is offered to redact', async () => {
    const told = { traceId: 't1', input: { prompt: 'secret', parameters: {} }, metadata: { a: 'secret' } };
    const bare = openStore({ captureContent: false });
    await bare.ensureTrace(told);
    expect(JSON.stringify(await read(bare))).not.toContain('secret');
    const redacted = openStore({
      redact: (value) => JSON.parse(JSON.stringify(value).replaceAll('secret', '***')),
    });
    await redacted.ensureTrace(told);
    expect(await read(redacted)).toMatchObject({ input: { prompt: '***' }, metadata: { a: '***' } });
  });
});

it('is nothing while only a change of a span is known that has not begun', async () => {
  const store = openStore();
  await store.updateSpan('t1', 's1', { output: 'o' });
  expect(await store.getTrace('t1')).toBeNull();
  expect(await store.getTraceInfo('t1')).toBeNull();
  expect(await store.listTraces({})).toMatchObject({ traces: [], total: 0 });
  expect((await store.info()).counts).toMatchObject({ traces: 0, spans: 0 });
  expect(await store.listTenants()).toMatchObject({ tenants: [] });
  await expect(store.setTraceTags('t1', ['a'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await store.verify()).toMatchObject({ ok: true, counts: { traces: 0 } });
  await store.addScore({ traceId: 't1', name: 'n', value: 1 });
  expect(await store.getTrace('t1')).toMatchObject({ status: 'running', scores: { n: 1 } });
  await store.updateSpan('t2', 's1', { output: 'o' });
  await store.endSpan('t2', 's1', { name: 'told', endedAt: at(5) });
  expect(await store.getTrace('t2')).toMatchObject({ agentName: 'told', startedAt: at(5) });
  await store.updateSpan('t3', 's1', { output: 'o' });
  await store.ensureTrace({ traceId: 't3', startedAt: at(1) });
  expect((await store.listTraces({})).total).toBe(3);
});
