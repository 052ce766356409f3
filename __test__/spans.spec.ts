/** Spans through the contract: kinds, order, rewrites, and arriving before their trace. */
import type { SpanKind } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, openStore, span, T0, trace } from './support.js';

describe('addSpan', () => {
  it('stores every field', async () => {
    const store = openStore();
    const given = span({
      parentSpanId: 's0',
      input: { messages: [{ role: 'user', content: 'hi' }] },
      output: ['a', null, 1.5],
      error: 'late',
      status: 'error',
      genAiAttributes: { 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 5, own: [1] },
      toolType: 'mcp',
      metadata: { a: { b: 1 } },
    });
    await store.addSpan(given);
    expect(await store.getSpans('t1')).toEqual([{ schemaVersion: 1, ...given }]);
  });

  it('stores the least', async () => {
    const store = openStore();
    await store.addSpan(span());
    expect(await store.getSpans('t1')).toEqual([{ schemaVersion: 1, ...span() }]);
  });

  it('takes a schemaVersion of 1, and every kind', async () => {
    const store = openStore();
    const kinds: SpanKind[] = ['llm', 'retrieval', 'tool', 'agent', 'grounding', 'api', 'custom'];
    for (const kind of kinds) await store.addSpan(span({ spanId: kind, kind, schemaVersion: 1 }));
    expect((await store.getSpans('t1')).map((stored) => stored.kind)).toEqual(kinds);
  });

  it('keeps null where any value may be, and takes it for absent elsewhere', async () => {
    const store = openStore();
    await store.addSpan(
      span({ input: null, output: null, parentSpanId: null, error: null, metadata: null } as never),
    );
    expect(await store.getSpans('t1')).toEqual([{ schemaVersion: 1, ...span(), input: null, output: null }]);
  });

  it('keeps unknown keys', async () => {
    const store = openStore();
    await store.addSpan({ ...span(), own: { a: [1] }, other: null } as never);
    expect((await store.getSpans('t1'))[0]).toMatchObject({ own: { a: [1] }, other: null });
  });

  it('with a known id rewrites that span, and never makes a second one', async () => {
    const store = openStore();
    await store.addSpan(span({ spanId: 'a', input: 'long '.repeat(500), metadata: { a: 1 } }));
    await store.addSpan(span({ spanId: 'b' }));
    await store.addSpan(span({ spanId: 'a', name: 'again' }));
    const spans = await store.getSpans('t1');
    expect(spans.map(({ spanId, name }) => [spanId, name])).toEqual([
      ['a', 'again'],
      ['b', 'chat'],
    ]);
    expect(spans[0]).not.toHaveProperty('input');
    expect(spans[0]).not.toHaveProperty('metadata');
    expect((await store.info()).counts.spans).toBe(2);
  });

  it('with a known id in another trace is another span', async () => {
    const store = openStore();
    await store.addSpan(span({ traceId: 'a' }));
    await store.addSpan(span({ traceId: 'b' }));
    expect((await store.info()).counts.spans).toBe(2);
  });
});

describe('getSpans', () => {
  it('is ordered by startedAt, ties by the order of writing', async () => {
    const store = openStore();
    const starts = { c: 5, a: 1, tie2: 3, tie1: 3, tie3: 3, b: 2 };
    for (const [spanId, ms] of Object.entries(starts))
      await store.addSpan(span({ spanId, startedAt: at(ms) }));
    const ids = (await store.getSpans('t1')).map(({ spanId }) => spanId);
    expect(ids).toEqual(['a', 'b', 'tie2', 'tie1', 'tie3', 'c']);
  });

  it('shows a parent before its children where all began in one millisecond, whatever was written first', async () => {
    const store = openStore();
    const parents = { tool1: 'call1', call1: 'run', other: 'unknown', tool2: 'call2', call2: 'run', run: '' };
    for (const [spanId, parent] of Object.entries(parents))
      await store.addSpan(span({ spanId, ...(parent !== '' && { parentSpanId: parent }) }));
    const circle = { a: 'b', b: 'a', c: 'c' };
    for (const [spanId, parentSpanId] of Object.entries(circle))
      await store.addSpan(span({ spanId, parentSpanId, startedAt: at(1) }));
    const ids = (await store.getSpans('t1')).map(({ spanId }) => spanId);
    expect(ids.join(' ')).toBe('run call1 tool1 other call2 tool2 a b c');
  });

  it('keeps the place of a span that is rewritten among its equals', async () => {
    const store = openStore();
    for (const spanId of ['x', 'y', 'z', 'x']) await store.addSpan(span({ spanId }));
    expect((await store.getSpans('t1')).map(({ spanId }) => spanId)).toEqual(['x', 'y', 'z']);
  });

  it('of an unknown trace is empty', async () => {
    expect(await openStore().getSpans('nope')).toEqual([]);
  });
});

describe('a span before its trace', () => {
  it('makes it, and joins it when it starts', async () => {
    const store = openStore();
    await store.addSpan(span({ spanId: 'child', parentSpanId: 'parent', startedAt: at(1) }));
    await store.addSpan(span({ spanId: 'parent' }));
    expect(await store.getSpans('t1')).toHaveLength(2);
    expect(await store.getTrace('t1')).toMatchObject({ agentName: 'chat', userId: 0 });
    expect((await store.listTraces()).total).toBe(1);

    await store.startTrace(trace());
    expect(await store.getTrace('t1')).toMatchObject({ traceId: 't1', agentName: 'planner', startedAt: T0 });
    expect((await store.getSpans('t1')).map(({ spanId }) => spanId)).toEqual(['parent', 'child']);
    expect((await store.listTraces()).total).toBe(1);
  });
});
