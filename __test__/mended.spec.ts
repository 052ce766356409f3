/** Measurements that providers got wrong cost nothing but themselves. */
import { describe, expect, it } from 'vitest';
import { at, failure, span } from './support.js';
import { only, started } from './support/started.js';

describe('a measurement that is none is left out, and reported', () => {
  it.each<[string, object, string, object]>([
    ['tokens', { tokens: { input: Number.NaN, output: 1, total: 1 } }, 'result.tokens.input', {}],
    ['tokens as text', { tokens: { input: 1, output: '1', total: 1 } }, 'result.tokens.output', {}],
    ['no tokens at all', { tokens: 'many' }, 'result.tokens', {}],
    ['cost without currency', { cost: { total: 1 } }, 'result.cost.currency', {}],
    [
      "a model's cost",
      { cost: { total: 1, currency: 'USD', byModel: { m: null } } },
      'result.cost.byModel[key 1 of 1]',
      { cost: { total: 1, currency: 'USD' } },
    ],
    ['a score', { scores: { good: 1, bad: null } }, 'result.scores[key 2 of 2]', { scores: { good: 1 } }],
    ['a duration', { durationMs: -0.2 }, 'result.durationMs', { durationMs: 5000 }],
  ])('%s', async (_name, wrong, field, right) => {
    const { store, heard } = await started();
    await store.endTrace('t1', {
      status: 'completed',
      completedAt: at(5000),
      metadata: { kept: true },
      ...wrong,
    } as never);
    const stored = await store.getTrace('t1');
    expect(stored).toMatchObject({ status: 'completed', metadata: { kept: true }, ...right });
    for (const name of ['tokens', 'cost', 'scores'])
      if (!(name in right)) expect(stored).not.toHaveProperty(name);
    expect(heard).toMatchObject([{ code: 'INVALID_ARGUMENT', method: 'endTrace', field }]);
    expect((await store.info()).failedWrites).toBe(0);
  });

  it('a span has the duration 0 then', async () => {
    const { store, heard } = await started();
    await store.addSpan(span({ durationMs: Number.NaN }));
    expect(await only(store)).toMatchObject({ durationMs: 0 });
    const message = expect.stringMatching(/; it is recorded as 0, and the rest is recorded$/) as string;
    expect(heard).toMatchObject([{ field: 'span.durationMs', message }]);
  });

  it('a missing total is the sum, and one reason a list, which is nothing to report', async () => {
    const { store, heard } = await started();
    await store.endTrace('t1', { status: 'completed', tokens: { input: 2, output: 3 } });
    await store.addSpan(span({ genAiAttributes: { 'gen_ai.response.finish_reasons': 'stop' } as never }));
    expect(await store.getTrace('t1')).toMatchObject({ tokens: { input: 2, output: 3, total: 5 } });
    expect(await only(store)).toMatchObject({
      genAiAttributes: { 'gen_ai.response.finish_reasons': ['stop'] },
    });
    expect(heard).toEqual([]);
  });

  it('but a call that says nothing else, and what must be there, are refused', async () => {
    const { store } = await started();
    expect((await failure(store.setTraceScores('t1', { bad: Number.NaN }))).field).toBe('scores[key 1 of 1]');
    const withoutDuration = { ...span(), durationMs: undefined as never };
    expect((await failure(store.addSpan(withoutDuration))).field).toBe('span.durationMs');
    expect((await failure(store.addSpan(span({ kind: 'LLM' as never })))).field).toBe('span.kind');
  });
});
