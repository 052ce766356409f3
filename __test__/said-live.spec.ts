/** What is said afterwards, of spans that are still told and of traces that nobody started. */
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, span, T0, trace } from './support.js';
import { begun, IDS, readSpan } from './support/live.js';

describe('a trace of which only a score or an annotation was heard', () => {
  it.each(['score', 'annotation'])('%s', async (noun) => {
    const store = openStore();
    const before = new Date();
    if (noun === 'score') await store.addScore({ traceId: 't1', name: 'n', value: 1 });
    else await store.addAnnotation({ traceId: 't1', value: 1 });
    const found = await store.getTrace('t1');
    expect(found).toMatchObject({ status: 'running', agentName: '', userId: 0 });
    expect(found!.startedAt >= before).toBe(true);
    expect(await store.getTraceInfo('t1')).toMatchObject({ version: 0, hasChildren: false });
    expect((await store.listTraces()).total).toBe(1);
    await store.addSpan(span());
    expect(await store.getTrace('t1')).toMatchObject({
      status: 'completed',
      agentName: 'chat',
      startedAt: T0,
    });
    await store.startTrace(trace(), { ifVersion: 0 });
    expect(await store.getTraceInfo('t1')).toMatchObject({ version: 1, agentName: 'planner' });
    expect((await store.verify()).problems).toEqual([]);
  });
});

it('ensureTrace adds scores, also to a trace that has ended', async () => {
  const store = openStore();
  await store.ensureTrace({ traceId: 't1', scores: { a: 1, b: 2 } });
  expect((await store.getTrace('t1'))!.scores).toEqual({ a: 1, b: 2 });
  await store.endTrace('t1', { status: 'completed' });
  await store.ensureTrace({ traceId: 't1', scores: { b: 3 } });
  expect((await store.getTrace('t1'))!.scores).toEqual({ a: 1, b: 3 });
  expect((await store.listScores({ traceId: 't1' })).scores.map(({ value }) => value)).toEqual([3, 2, 1]);
});

it('the additive writes take ifVersion', async () => {
  const store = openStore();
  expect(await store.ensureTrace({ traceId: 't1' }, { ifVersion: 0 })).toEqual({ version: 1 });
  const refused = failure(store.ensureTrace({ traceId: 't1', agentName: 'a' }, { ifVersion: 0 }));
  expect(await refused).toMatchObject({ code: 'CONFLICT', method: 'ensureTrace' });
  expect(await store.startSpan(begun(), { ifVersion: 0 })).toEqual({ version: 1 });
  expect(await store.updateSpan(...IDS, { name: 'n' }, { ifVersion: 1 })).toEqual({ version: 2 });
  const late = await failure(store.endSpan(...IDS, {}, { ifVersion: 1 }));
  expect(late.code).toBe('CONFLICT');
  expect(late.message).toMatch(/version 2, not 1/);
  expect(await store.endSpan(...IDS, {}, { ifVersion: 2 })).toEqual({ version: 3 });
  expect(await readSpan(store)).toMatchObject({ name: 'n' });
});

describe('tags of a span that is told in several words', () => {
  it('are filled by a start, replaced by an update or an end, cleared by null', async () => {
    const store = openStore();
    await store.updateSpan(...IDS, { tags: ['first'] });
    await store.startSpan(begun({ tags: ['start'] }));
    expect((await readSpan(store)).tags).toEqual(['first']);
    await store.endSpan(...IDS, { tags: ['end'] });
    expect((await readSpan(store)).tags).toEqual(['end']);
    await store.updateSpan(...IDS, { tags: null });
    expect(await readSpan(store)).not.toHaveProperty('tags');
  });

  it('are changed while it runs', async () => {
    const store = openStore();
    await store.startSpan(begun({ tags: ['a', 'b'], output: 'o'.repeat(300) }));
    await store.updateSpan(...IDS, { output: 'p'.repeat(300) });
    expect(await store.updateSpanTags(...IDS, { add: ['c'], remove: ['a'] })).toEqual({ version: 3 });
    expect(await store.getSpan(...IDS)).toMatchObject({
      state: 'running',
      tags: ['b', 'c'],
      output: 'p'.repeat(300),
    });
    expect((await store.verify()).problems).toEqual([]);
  });
});

it('a span that is only awaited is nowhere', async () => {
  const store = openStore();
  await store.updateSpan(...IDS, { output: 1, parentSpanId: 's0' });
  await store.addSpan(span({ spanId: 's0' }));
  expect(await store.getSpan(...IDS)).toBeNull();
  expect(await store.getSpanInfo(...IDS)).toBeNull();
  expect((await store.getRootSpans('t1')).map(({ spanId }) => spanId)).toEqual(['s0']);
  expect(await store.getTraceInfo('t1')).toMatchObject({ counts: { spans: 1 } });
  expect(await store.getSpanInfo('t1', 's0')).toMatchObject({ hasChildren: false, counts: { children: 0 } });
  expect((await failure(store.updateSpanTags(...IDS, { add: ['a'] }))).code).toBe('NOT_FOUND');
});

it('an info record tells that a span runs, and how long up to the last word', async () => {
  const store = openStore();
  await store.startSpan(begun({ startedAt: at(-1000) }));
  const info = await store.getSpanInfo(...IDS);
  expect(info).toMatchObject({ state: 'running', status: 'ok', version: 1 });
  expect(info!.durationMs).toBe((await readSpan(store)).durationMs);
  await store.endSpan(...IDS, { error: 'it failed' });
  expect(await store.getSpanInfo(...IDS)).toMatchObject({ status: 'error', version: 2 });
  expect(await store.getSpanInfo(...IDS)).not.toHaveProperty('state');
  expect((await store.getRootSpans('t1'))[0]).toMatchObject({ spanId: 's1', error: 'it failed' });
});
