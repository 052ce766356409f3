/** `addStep`: a step as a whole span, by itself and in a batch. */
import type { Step, StepOptions } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, failure, openStore } from './support.js';
import { started } from './support/started.js';

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Each type, and what the span says of it. */
const STEPS: Array<[step: Step, span: object]> = [
  [
    { type: 'thought', content: 'c' },
    { kind: 'custom', name: 'thought' },
  ],
  [
    { type: 'action', name: 'search' },
    { kind: 'custom', name: 'search' },
  ],
  [
    { type: 'observation', content: 'c' },
    { kind: 'custom', name: 'observation' },
  ],
  [
    { type: 'tool_call', toolName: 'lookup', arguments: null, durationMs: 3.5 },
    { kind: 'tool', name: 'lookup', durationMs: 3.5 },
  ],
  [
    { type: 'message', role: 'user', content: 'c' },
    { kind: 'custom', name: 'user' },
  ],
  [
    { type: 'decision', question: 'q', options: [], chosen: 1 },
    { kind: 'custom', name: 'decision' },
  ],
  [
    { type: 'query', queryType: 'sql', query: 'select' },
    { kind: 'retrieval', name: 'sql' },
  ],
  [
    { type: 'error', errorType: 'Timeout', message: 'too late', recoverable: true },
    { kind: 'custom', name: 'Timeout', status: 'error', error: 'too late' },
  ],
  [
    { type: 'custom', name: 'own', data: 1 },
    { kind: 'custom', name: 'own' },
  ],
];

describe.each(STEPS)('a step %#', (step, expected) => {
  it('is a whole span', async () => {
    const { store } = await started();
    const before = Date.now();
    const { spanId, version } = await store.addStep('t1', step);
    expect(spanId).toMatch(VERSION_7);
    expect(version).toBe(1);
    const spans = await store.getSpans('t1');
    expect(spans).toEqual([
      {
        schemaVersion: 1,
        traceId: 't1',
        spanId,
        status: 'ok',
        startedAt: expect.any(Date),
        durationMs: 0,
        step,
        ...expected,
      },
    ]);
    expect(spans[0]!.startedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(spans[0]!.startedAt.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

const THOUGHT: Step = { type: 'thought', content: 'c' };
const TOLD: StepOptions = {
  spanId: 's1',
  parentSpanId: 's0',
  startedAt: at(5),
  durationMs: 7,
  tags: ['a'],
  metadata: { m: 1 },
};

it('takes what is told of its span, again as the same span', async () => {
  const store = openStore();
  const tool: Step = { type: 'tool_call', toolName: 'lookup', arguments: {}, durationMs: 3 };
  expect(await store.addStep('t1', THOUGHT)).toMatchObject({ version: 1 });
  expect(await store.addStep('t1', THOUGHT, TOLD)).toEqual({ spanId: 's1', version: 1 });
  expect((await failure(store.addStep('t1', tool, { ...TOLD, ifVersion: 2 }))).code).toBe('CONFLICT');
  expect(await store.addStep('t1', tool, { ...TOLD, ifVersion: 1 })).toEqual({ spanId: 's1', version: 2 });
  expect(await store.getSpan('t1', 's1')).toEqual({
    schemaVersion: 1,
    traceId: 't1',
    kind: 'tool',
    name: 'lookup',
    status: 'ok',
    step: tool,
    ...TOLD,
  });
});

it('what is wrong is refused by name, and a failed write names its ids', async () => {
  const failed: unknown[] = [];
  const store = openStore({ onError: (_error, operation) => failed.push(operation) });
  const cases: Array<[field: string, step: unknown, options?: unknown]> = [
    ['step', undefined],
    ['step.type', { type: 'dream' }],
    ['step.content', { type: 'thought' }],
    ['spanId', THOUGHT, { spanId: '' }],
    ['parentSpanId', THOUGHT, { parentSpanId: 5 }],
    ['startedAt', THOUGHT, { startedAt: 'now' }],
    ['durationMs', THOUGHT, { durationMs: '5' }],
    ['tags', THOUGHT, { tags: 'a' }],
    ['metadata', THOUGHT, { metadata: [] }],
    ['options.duration', THOUGHT, { duration: 5 }],
    ['options.ifVersion', THOUGHT, { ifVersion: -1 }],
    ['options', THOUGHT, 5],
  ];
  for (const [field, step, options] of cases)
    expect(await failure(store.addStep('t1', step as Step, options as StepOptions))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      method: 'addStep',
      field,
    });
  expect((await failure(store.addStep('', THOUGHT))).field).toBe('traceId');
  await failure(store.addStep('t1', THOUGHT, { spanId: 's1', tags: 5 as never }));
  expect(failed.at(-1)).toEqual({ method: 'addStep', traceId: 't1', spanId: 's1' });
  expect(await store.getSpans('t1')).toEqual([]);
});

it('answers nothing written where the store is switched off', async () => {
  const store = openStore({ enabled: false });
  expect(await store.addStep('t1', THOUGHT)).toEqual({
    spanId: expect.stringMatching(VERSION_7),
    version: 0,
  });
  expect(await store.addStep('t1', THOUGHT, { spanId: 's1' })).toEqual({ spanId: 's1', version: 0 });
});

it('steps of a batch come behind its spans, and errors name them by their place', async () => {
  const store = openStore();
  const steps = [
    { traceId: 't1', step: THOUGHT, ...TOLD },
    { traceId: 't2', step: THOUGHT },
  ];
  const span = { spanId: 's1', traceId: 't1', kind: 'llm', name: 'n', status: 'ok' } as const;
  const receipts = await store.batchCreate({
    steps,
    spans: [{ ...span, startedAt: at(0), durationMs: 1 }],
  });
  expect(receipts.spans).toEqual([{ traceId: 't1', spanId: 's1', version: 1 }]);
  expect(receipts.steps).toEqual([
    { spanId: 's1', version: 2 },
    { spanId: expect.stringMatching(VERSION_7), version: 1 },
  ]);
  expect((await store.getSpan('t2', receipts.steps[1]!.spanId))?.step).toEqual(THOUGHT);
  const wrong = (step: object): Promise<unknown> => store.batchCreate({ steps: [...steps, step as never] });
  expect((await failure(wrong({ traceId: 't1', step: { type: 'dream' } }))).field).toBe('steps[2].step.type');
  expect((await failure(wrong({ traceId: 't1', step: THOUGHT, duration: 5 }))).field).toBe('steps[2]');
});

describe('content', () => {
  const secret = 'hunter2';
  const say = async (store: ReturnType<typeof openStore>): Promise<void> => {
    const options = { metadata: { secret } };
    await store.addStep('t1', { type: 'error', errorType: 'E', message: secret, recoverable: true }, options);
    await store.batchCreate({ steps: [{ traceId: 't1', step: { type: 'thought', content: secret } }] });
  };

  it('stays out, of the span’s error too', async () => {
    const store = openStore({ captureContent: false });
    await say(store);
    const [error, thought] = await store.getSpans('t1');
    expect(error).toMatchObject({
      error: '[omitted: string, 7 chars]',
      step: { message: '[omitted: string, 7 chars]' },
      metadata: { omitted: 'object', keys: 1 },
    });
    expect(thought?.step).toEqual({ type: 'thought', content: '[omitted: string, 7 chars]' });
    await store.addStep('t2', { type: 'custom', name: secret.repeat(99), data: null });
    expect(JSON.stringify(await store.getSpans('t2'))).not.toContain(secret);
  });

  it('is offered to redact field by field', async () => {
    const asked: string[] = [];
    const store = openStore({
      redact: (value, { method, document, field, traceId }) => {
        asked.push([method, document, field, traceId].join(' '));
        return typeof value === 'string' ? 'redacted' : {};
      },
    });
    await say(store);
    expect(asked).toEqual([
      'addStep span step.message t1',
      'addStep span metadata t1',
      'batchCreate span step.content t1',
    ]);
    const [error] = await store.getSpans('t1');
    expect(error?.error).toBe('redacted');
    expect(JSON.stringify(await store.getSpans('t1'))).not.toContain(secret);
  });
});
