/** Tokens and cost of a trace, summed from its spans where nobody gave them. */
import type { SpanInput } from 'tracestore';
import { expect, it } from 'vitest';
import { at, openStore, span, trace } from './support.js';

const USD = (total: number) => ({ total, currency: 'USD' });

function call(spanId: string, given: Partial<SpanInput> = {}): SpanInput {
  return span({ spanId, kind: 'llm', tokens: { input: 10, output: 2 }, cost: USD(0.25), ...given });
}

it('are those of the model calls that have none below them, from the end on', async () => {
  const store = openStore();
  await store.startTrace(trace());
  await store.addSpan(call('outer', { tokens: { input: 1000 }, cost: USD(100) }));
  await store.addSpan(span({ spanId: 'tool', kind: 'tool', parentSpanId: 'outer', tokens: { input: 7 } }));
  await store.addSpan(call('inner', { parentSpanId: 'tool' }));
  await store.addSpan(call('other', { genAiAttributes: { 'gen_ai.usage.total_tokens': 20 } }));
  expect(await store.getTrace('t1')).not.toHaveProperty('tokens');
  await store.endTrace('t1', { status: 'completed' });
  const tokens = { input: 20, output: 4, total: 32 };
  expect(await store.getTrace('t1')).toMatchObject({ tokens, cost: USD(0.5) });
  expect(await store.getTraceInfo('t1')).toMatchObject({ tokens, cost: USD(0.5) });
  expect((await store.listTraces({})).traces).toMatchObject([{ tokens, cost: USD(0.5) }]);
});

it('take late spans in, whole or live, and what is corrected of them', async () => {
  const store = openStore();
  await store.startTrace(trace());
  await store.endTrace('t1', { status: 'completed' });
  expect(await store.getTrace('t1')).not.toHaveProperty('tokens');
  await store.addSpan(call('a'));
  expect(await store.getTrace('t1')).toMatchObject({ tokens: { input: 10, output: 2, total: 12 } });
  const { status: _status, durationMs: _duration, ...begun } = call('b', { parentSpanId: 'a' });
  await store.startSpan({ ...begun, tokens: { input: 1 } });
  expect(await store.getTrace('t1')).toMatchObject({ tokens: { input: 1, output: 0, total: 1 } });
  await store.updateSpan('t1', 'b', { tokens: { input: 1, output: 5, total: 7 }, cost: USD(2) });
  expect(await store.getTrace('t1')).toMatchObject({
    tokens: { input: 1, output: 5, total: 7 },
    cost: USD(2),
  });
  await store.updateSpan('t1', 'b', { parentSpanId: null });
  expect(await store.getTrace('t1')).toMatchObject({ tokens: { input: 11, output: 7, total: 19 } });
});

it('are no cost in two currencies', async () => {
  const store = openStore();
  await store.addSpan(call('root', { kind: 'agent' }));
  await store.addSpan(call('a', { parentSpanId: 'root' }));
  expect(await store.getTrace('t1')).toMatchObject({ status: 'completed', cost: USD(0.25) });
  await store.addSpan(call('b', { parentSpanId: 'root', cost: { total: 1, currency: 'EUR' } }));
  const found = await store.getTrace('t1');
  expect(found).toMatchObject({ tokens: { input: 20 } });
  expect(found).not.toHaveProperty('cost');
});

it('are never in the place of what was given, even if it is nothing', async () => {
  const store = openStore();
  await store.startTrace(trace());
  await store.addSpan(call('a'));
  await store.endTrace('t1', { status: 'completed', tokens: null, cost: USD(9) });
  const ended = await store.getTrace('t1');
  expect(ended).not.toHaveProperty('tokens');
  expect(ended).toMatchObject({ cost: USD(9) });
  await store.endTrace('t1', { status: 'failed', completedAt: at(9) });
  await store.addSpan(call('b'));
  expect(await store.getTrace('t1')).toEqual({
    ...ended,
    status: 'failed',
    completedAt: at(9),
    durationMs: 9,
  });
});

it('are the trace’s own from the start on, if it gives them', async () => {
  const store = openStore();
  const tokens = { input: 1, output: 1, total: 2 };
  await store.startTrace(trace({ tokens } as object));
  await store.addSpan(call('a'));
  await store.endTrace('t1', { status: 'completed' });
  expect(await store.getTrace('t1')).toMatchObject({ tokens, cost: USD(0.25) });
});
