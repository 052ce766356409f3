/** Writes that nobody awaits: they may fail without harm, and are not lost from sight. */
import type { FailedOperation, TraceStoreError } from 'tracestore';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure, openStore, span, trace } from './support.js';

let unhandled: unknown[];
let warnings: Error[];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
const onWarning = (warning: Error): void => void warnings.push(warning);

beforeEach(() => {
  unhandled = [];
  warnings = [];
  process.on('unhandledRejection', onUnhandled);
  process.on('warning', onWarning);
});
afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
  process.off('warning', onWarning);
});

/** Long enough for the process to report rejections and warnings. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('a failure', () => {
  it.each([
    ['of native code', 'NOT_FOUND', (store: ReturnType<typeof openStore>) => store.setTraceTags('nope', [])],
    ['of a check', 'INVALID_ARGUMENT', (store: ReturnType<typeof openStore>) => store.addSpan({} as never)],
    ['of the addon', 'UNSUPPORTED', (store: ReturnType<typeof openStore>) => store.addSpan(span())],
  ])('%s is no unhandledRejection', async (_name, code, call) => {
    const errors: TraceStoreError[] = [];
    const nativeBinding = code === 'UNSUPPORTED' ? { nativeBinding: '/no/such/addon.node' } : {};
    const store = openStore({ onError: (error) => errors.push(error), ...nativeBinding });
    void call(store);
    await store.flush();
    await aWhile();
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(unhandled).toEqual([]);
  });

  it('after close is no unhandledRejection', async () => {
    const store = openStore();
    await store.close();
    void store.addSpan(span());
    await aWhile();
    expect(unhandled).toEqual([]);
  });

  it('is still seen by whoever awaits', async () => {
    const store = openStore();
    const later = store.setTraceTags('nope', []);
    await store.flush();
    await aWhile();
    expect((await failure(later)).code).toBe('NOT_FOUND');
    expect(unhandled).toEqual([]);
  });

  it('names no trace that the call did not name', async () => {
    const operations: FailedOperation[] = [];
    const store = openStore({ onError: (_error, operation) => operations.push(operation) });
    const result = { status: 'completed', traceId: 'other' } as never;
    await expect(store.endTrace(undefined as never, result)).rejects.toThrow('traceId');
    expect(operations).toEqual([{ method: 'endTrace' }]);
  });

  it('goes to onError with the operation, even if onError throws', async () => {
    const seen: Array<[TraceStoreError, FailedOperation]> = [];
    const store = openStore({
      onError(error, operation) {
        seen.push([error, operation]);
        throw new Error('from onError');
      },
    });
    await store.startTrace(trace());
    void store.startTrace(trace());
    void store.endTrace('nope', { status: 'failed' });
    void store.addSpan(span({ name: 5 as never }));
    await store.flush();
    await aWhile();
    expect(seen.map(([error, operation]) => [error.code, operation])).toEqual([
      ['INVALID_ARGUMENT', { method: 'addSpan', traceId: 't1', spanId: 's1' }],
      ['ALREADY_EXISTS', { method: 'startTrace', traceId: 't1' }],
      ['NOT_FOUND', { method: 'endTrace', traceId: 'nope' }],
    ]);
    expect(unhandled).toEqual([]);
  });

  it('may be answered with more writes', async () => {
    const store = openStore({
      onError: (_error, { traceId }) => void store.startTrace(trace({ traceId: `${traceId}!` })),
    });
    void store.setTraceTags('nope', []);
    await store.flush();
    expect(await store.getTrace('nope!')).not.toBeNull();
  });

  it('is counted, and warned of once for each code', async () => {
    const store = openStore();
    for (let i = 0; i < 5; i++) {
      void store.setTraceTags('nope', []);
      void store.setTraceScores('t1', { a: Number.NaN });
    }
    await store.flush();
    await aWhile();
    const ours = warnings.filter(({ name }) => name === 'TraceStoreWarning') as Array<
      Error & { code: string }
    >;
    expect(ours.map(({ code }) => code).toSorted()).toEqual(['INVALID_ARGUMENT', 'NOT_FOUND']);
    expect(ours[0]?.message).toContain(
      'setTraceScores: scores[key 1 of 1] must be a finite number, got number NaN',
    );
    const info = await store.info();
    expect(info.failedWrites).toBe(10);
    expect(info.lastError?.code).toBe('NOT_FOUND');
  });

  it('is warned of although redact failed before, which is no failure of a write', async () => {
    const store = openStore({
      redact: () => {
        throw new Error('no');
      },
    });
    await store.startTrace(trace());
    void store.addSpan({} as never);
    await aWhile();
    const codes = warnings.map((warning) => (warning as Error & { code?: string }).code);
    expect(codes).toEqual(['REDACT_FAILED', 'INVALID_ARGUMENT']);
    expect((await store.info()).failedWrites).toBe(1);
  });
});

it('of a thousand writes with three bad ones, three callers see errors and 997 records are there', async () => {
  const onError = vi.fn<() => void>();
  const store = openStore({ onError });
  await store.startTrace(trace());
  const calls = Array.from({ length: 1000 }, (_, i) => {
    if (i === 100) return store.addSpan(span({ spanId: `s${i}`, startedAt: new Date(Number.NaN) }));
    if (i === 500) return store.startTrace(trace());
    if (i === 999) return store.setTraceScores('nope', { a: 1 });
    return store.addSpan(span({ spanId: `s${i}`, input: { i, text: 'x'.repeat(i) } }));
  });
  const results = await Promise.allSettled(calls);
  const failed = results.flatMap((result, i) =>
    result.status === 'rejected' ? [[i, (result.reason as TraceStoreError).code]] : [],
  );
  expect(failed).toEqual([
    [100, 'INVALID_ARGUMENT'],
    [500, 'ALREADY_EXISTS'],
    [999, 'NOT_FOUND'],
  ]);
  expect(onError).toHaveBeenCalledTimes(3);
  const spans = await store.getSpans('t1');
  expect(spans).toHaveLength(997);
  expect(spans.find(({ spanId }) => spanId === 's998')?.input).toEqual({ i: 998, text: 'x'.repeat(998) });
  expect((await store.info()).counts).toMatchObject({ traces: 1, spans: 997 });
  expect(unhandled).toEqual([]);
});
