/** What lists filter by and sums add up: found in spans by whatever name it was given, and shown without their payload. */
import type { SpanInput } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, openStore, span } from './support.js';

async function infoOf(given: Partial<SpanInput>) {
  const store = openStore();
  await store.addSpan(span(given));
  return store.getSpanInfo('t1', 's1');
}

const CALL = {
  operation: 'chat',
  provider: 'openai',
  requestModel: 'gpt',
  responseModel: 'gpt-1',
  tokens: { input: 10, output: 5, total: 15, cacheRead: 4, cacheWrite: 3, reasoning: 2 },
  finishReasons: ['stop'],
  conversationId: 'c',
  toolName: 'search',
  toolCallId: 'call',
  agentName: 'planner',
};

describe('a call is known', () => {
  it('by the fields of the span', async () => {
    const given = { ...CALL, modelVersion: '2', cost: { total: 0.5, currency: 'USD' } };
    expect(await infoOf(given)).toMatchObject(given);
    const store = openStore();
    await store.addSpan(span(given));
    expect(await store.getSpan('t1', 's1')).toEqual({ schemaVersion: 1, ...span(given) });
  });

  it.each([
    [
      'the convention',
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt',
        'gen_ai.response.model': 'gpt-1',
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.output_tokens': 5,
        'gen_ai.usage.total_tokens': 15,
        'gen_ai.usage.cache_read.input_tokens': 4,
        'gen_ai.usage.cache_write.input_tokens': 3,
        'gen_ai.usage.reasoning.output_tokens': 2,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.conversation.id': 'c',
        'gen_ai.tool.name': 'search',
        'gen_ai.tool.call.id': 'call',
        'gen_ai.agent.name': 'planner',
      },
      {},
    ],
    [
      'its old names',
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.system': 'openai',
        'gen_ai.usage.prompt_tokens': 10,
        'gen_ai.usage.completion_tokens': 5,
        'gen_ai.usage.cache_creation.input_tokens': 3,
        'gen_ai.usage.cache_read_input_tokens': 4,
      },
      { tokens: { input: 10, output: 5, cacheRead: 4, cacheWrite: 3 }, conversationId: undefined },
    ],
    [
      'OpenInference',
      {
        'llm.model_name': 'gpt',
        'llm.provider': 'openai',
        'llm.token_count.prompt': 10,
        'llm.token_count.completion': 5,
        'llm.token_count.total': 15,
        'session.id': 'c',
        'tool.name': 'search',
      },
      { tokens: { input: 10, output: 5, total: 15 }, operation: undefined, toolCallId: undefined },
    ],
    [
      'the AI SDK',
      {
        'ai.model.id': 'gpt',
        'ai.model.provider': 'openai',
        'ai.usage.promptTokens': 10,
        'ai.usage.completionTokens': 5,
        'ai.toolCall.name': 'search',
      },
      { tokens: { input: 10, output: 5 }, operation: undefined },
    ],
  ])('by the attributes of %s', async (_name, genAiAttributes, other) => {
    const info = { ...(await infoOf({ genAiAttributes })) } as Record<string, unknown>;
    const known = Object.fromEntries(Object.entries({ ...CALL, ...other }).filter(([key]) => key in info));
    expect(info).toMatchObject(known);
    expect(info['tokens']).toEqual({ ...CALL, ...other }.tokens);
    expect(info['provider']).toBe('openai');
  });

  it('by a field before an attribute, and by the present name before an old one', async () => {
    const genAiAttributes = { 'gen_ai.system': 'old', 'gen_ai.provider.name': 'present' };
    expect(await infoOf({ genAiAttributes })).toMatchObject({ provider: 'present' });
    expect(await infoOf({ genAiAttributes, provider: 'given' })).toMatchObject({ provider: 'given' });
  });

  it('by the last word that tells it', async () => {
    const store = openStore();
    const info = async () => store.getSpanInfo('t1', 's1');
    const { status: _status, durationMs: _duration, ...begun } = span();
    await store.startSpan({ ...begun, provider: 'a', genAiAttributes: { 'gen_ai.request.model': 'm' } });
    await store.updateSpan('t1', 's1', { genAiAttributes: { 'gen_ai.usage.output_tokens': 1 } });
    expect(await info()).toMatchObject({ provider: 'a', requestModel: 'm', tokens: { output: 1 } });
    const cleared = { 'gen_ai.request.model': null } as object;
    await store.updateSpan('t1', 's1', { provider: null, genAiAttributes: cleared });
    await store.endSpan('t1', 's1', { tokens: { input: 7 }, statusReason: 'cancelled' });
    const ended = await info();
    expect(ended).toMatchObject({ tokens: { input: 7 }, statusReason: 'cancelled' });
    expect(ended).not.toHaveProperty('provider');
    expect(ended).not.toHaveProperty('requestModel');
    await store.addSpan(span());
    expect(await info()).not.toHaveProperty('tokens');
  });
});

it('an error and a step are known by what names and measures them', async () => {
  const errorInfo = { type: 'Timeout', message: 'm', code: '504', recoverable: true };
  expect(await infoOf({ errorInfo })).toMatchObject({
    errorInfo: { type: 'Timeout', code: '504', recoverable: true },
  });
  const { message: _message, ...named } = errorInfo;
  expect((await infoOf({ errorInfo }))!.errorInfo).toEqual(named);
  const decision = await infoOf({
    step: { type: 'decision', question: 'q', options: ['a'], chosen: 'a', confidence: 0.5 },
  });
  expect(decision!.step).toEqual({ type: 'decision', confidence: 0.5 });
  const call = await infoOf({ step: { type: 'tool_call', toolName: 'search', arguments: {} } });
  expect(call).toMatchObject({ step: { type: 'tool_call' }, toolName: 'search' });
  const error = await infoOf({
    step: { type: 'error', errorType: 'Quota', message: 'm', recoverable: false },
  });
  expect(error!.errorInfo).toEqual({ type: 'Quota', recoverable: false });
});

it('whom a span was done for is known', async () => {
  const given = { sessionId: 's', userId: 7, endUserId: 'ann', messageId: 'm', type: 'generation' };
  expect(await infoOf(given)).toMatchObject(given);
});

it('what a provider got wrong of a call is left out, and reported', async () => {
  const told: string[] = [];
  const store = openStore({ onError: (error) => told.push(error.message) });
  const wrong = {
    tokens: { input: 1, output: 'two', total: Number.NaN },
    provider: 7,
    finishReasons: 'stop',
  };
  await store.addSpan(span(wrong as never));
  expect(await store.getSpan('t1', 's1')).toMatchObject({ tokens: { input: 1 }, finishReasons: ['stop'] });
  expect(await store.getSpan('t1', 's1')).not.toHaveProperty('provider');
  expect(told.some((message) => message.includes('provider'))).toBe(true);
  expect(told.some((message) => message.includes('tokens'))).toBe(true);
});

it('a trace is known by the same', async () => {
  const store = openStore();
  await store.ensureTrace({ traceId: 't1', endUserId: 'ann', messageId: 'm' });
  await store.endTrace('t1', {
    status: 'failed',
    statusReason: 'guardrail',
    errorInfo: { type: 'Blocked', message: 'm', recoverable: false },
    tokens: { input: 1, output: 2, total: 3 },
    cost: { total: 0.5, currency: 'EUR' },
    completedAt: at(1),
  });
  expect(await store.getTraceInfo('t1')).toMatchObject({
    endUserId: 'ann',
    messageId: 'm',
    statusReason: 'guardrail',
    errorInfo: { type: 'Blocked', recoverable: false },
    tokens: { input: 1, output: 2, total: 3 },
    cost: { total: 0.5, currency: 'EUR' },
  });
});

it('without content only what names and measures a call is known', async () => {
  const store = openStore({ captureContent: false });
  const secret = 'x'.repeat(200);
  await store.addSpan(span({ ...CALL, provider: secret, step: { type: 'custom', name: secret, data: 1 } }));
  const info = (await store.getSpanInfo('t1', 's1'))!;
  expect(info).toMatchObject({ ...CALL, provider: '[omitted: string, 200 chars]', step: { type: 'custom' } });
  expect(JSON.stringify(info)).not.toContain(secret);
});
