/** `batchCreate`: many documents, all or nothing. */
import { expect, it, vi } from 'vitest';
import type { BatchInput, TraceStoreError } from 'tracestore';
import { failure, NOTHING, openStore, session, snapshot, span, trace } from './support.js';

function whole(): BatchInput {
  return {
    links: [{ from: { traceId: 't1' }, to: { traceId: 't2' }, type: 'follows_from' }],
    annotations: [{ traceId: 't1', value: 'x'.repeat(300) }],
    scores: [
      { id: 'one', traceId: 't1', name: 'n', value: 1 },
      { traceId: 't1', name: 'n', value: 2 },
    ],
    spans: [span(), span({ spanId: 's2', input: 'x'.repeat(300) }), span()],
    traces: [trace(), trace({ traceId: 't2' })],
    configSnapshots: [snapshot()],
    sessions: [session()],
  };
}

it('writes every kind of document, and answers in the order given', async () => {
  const store = openStore({ defaultTags: ['default'] });
  const receipt = await store.batchCreate(whole());
  expect(receipt).toEqual({
    sessions: [{ sessionId: 'c1', version: 1 }],
    configSnapshots: [{ snapshotId: 'cfg1', version: 1 }],
    traces: [
      { traceId: 't1', version: 1 },
      { traceId: 't2', version: 1 },
    ],
    spans: [
      { traceId: 't1', spanId: 's1', version: 1 },
      { traceId: 't1', spanId: 's2', version: 1 },
      { traceId: 't1', spanId: 's1', version: 2 },
    ],
    steps: [],
    scores: [
      { id: 'one', version: 1 },
      { id: expect.stringMatching(/^[-0-9a-f]{36}$/), version: 1 },
    ],
    annotations: [{ id: expect.any(String), version: 1 }],
    links: [{ version: 1 }],
  });
  expect(await store.getTrace('t1')).toEqual({
    schemaVersion: 1,
    status: 'running',
    ...trace(),
    tags: ['default'],
    scores: { n: 2 },
  });
  expect(await store.getSpans('t1')).toHaveLength(2);
  expect(await store.getSession('c1')).toEqual({ ...session(), traceCount: 0 });
  expect((await store.getAnnotations('t1'))[0]?.id).toBe(receipt.annotations[0]?.id);
  expect(await store.getLinks({ traceId: 't2' })).toHaveLength(1);
  expect((await store.verify()).problems).toEqual([]);
});

it('names what is wrong before anything is sent, and keeps nothing', async () => {
  const onError = vi.fn<(error: TraceStoreError) => void>();
  const store = openStore({ onError });
  const bad = whole();
  (bad.spans![2] as unknown as Record<string, unknown>)['startedAt'] = 'yesterday';
  const error = await failure(store.batchCreate(bad));
  expect(error.message).toContain('batchCreate: spans[2].startedAt must be a valid Date');
  expect(error).toMatchObject({
    code: 'INVALID_ARGUMENT',
    method: 'batchCreate',
    field: 'spans[2].startedAt',
  });
  expect(onError).toHaveBeenCalledWith(error, { method: 'batchCreate' });
  expect((await failure(store.batchCreate({ span: [] } as never))).message).toContain('span');
  expect((await failure(store.batchCreate({ spans: [5] } as never))).message).toContain('spans[0]');
  expect((await store.info()).counts).toEqual(NOTHING);
});

it('a refusal of one takes all of them along', async () => {
  const store = openStore();
  await store.startTrace(trace({ traceId: 't2' }));
  const error = await failure(store.batchCreate(whole()));
  expect(error.code).toBe('ALREADY_EXISTS');
  expect(error.message).toContain('traces[1]: trace "t2" was started before');
  expect(await store.getTrace('t1')).toBeNull();
  expect(await store.getSpans('t1')).toEqual([]);
  expect((await store.info()).counts).toEqual({ ...NOTHING, traces: 1 });
  expect((await store.verify()).problems).toEqual([]);
});

it('documents that share objects are each whole, and a batch that is too large is refused', async () => {
  const store = openStore();
  const history = Array.from({ length: 400 }, (_, n) => ({ role: 'user', content: `message ${n}` }));
  const spans = Array.from({ length: 200 }, (_, n) => span({ spanId: `s${n}`, input: { history } }));
  await store.batchCreate({ spans });
  expect((await store.getSpan('t1', 's199'))?.input).toEqual({ history });
  const small = openStore({ maxPayloadBytes: 10_000 });
  const error = await failure(small.batchCreate({ spans }));
  expect(error.message).toContain('at most 10000 bytes');
});

it('mends, redacts and reduces each as if it came alone', async () => {
  const onError = vi.fn<(error: TraceStoreError) => void>();
  const store = openStore({ captureContent: false, onError, redact: (value) => value });
  await store.batchCreate({ spans: [span({ durationMs: -1, input: 'secret' })] });
  expect(await store.getSpan('t1', 's1')).toMatchObject({
    durationMs: 0,
    input: { omitted: 'string', length: 6 },
  });
  expect(onError.mock.calls[0]?.[0].field).toBe('spans[0].durationMs');
});
