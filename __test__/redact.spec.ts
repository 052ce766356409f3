/** `redact`: what it is shown, what is stored, and what happens when it fails. */
import type { FailedOperation, RedactWhere, SqliteTraceStoreOptions, TraceStoreError } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { failure, openStore, session, snapshot, span, trace } from './support.js';

type Redact = NonNullable<SqliteTraceStoreOptions['redact']>;

/** A `redact` that notes where it was called, and lets everything pass. */
function spy(seen: Array<[unknown, RedactWhere]>): Redact {
  return (value, where) => {
    seen.push([value, where]);
    return value;
  };
}

describe('what it is shown', () => {
  it('is each content field that is present, once, and keys that the contract does not name', async () => {
    const seen: Array<[unknown, RedactWhere]> = [];
    const store = openStore({ redact: spy(seen) });
    const input = { prompt: 'p', parameters: {} };
    await store.startTrace({ ...trace({ input, sessionId: 'c1', apiInput: 0 }), own: 'mine' } as never);
    const ids = { traceId: 't1', sessionId: 'c1' };
    const where = { method: 'startTrace', document: 'trace', ...ids };
    expect(seen).toEqual([
      [input, { ...where, field: 'input' }],
      [0, { ...where, field: 'apiInput' }],
      ['mine', { ...where, field: 'own' }],
    ]);
  });

  it.each([
    [
      'addSpan',
      'input output error genAiAttributes metadata own',
      (store: ReturnType<typeof openStore>) =>
        store.addSpan({
          ...span({ input: 1, output: 2, error: 'e', genAiAttributes: {}, metadata: {} }),
          own: 1,
        } as never),
    ],
    [
      'endTrace',
      'output apiOutput metadata own',
      (store: ReturnType<typeof openStore>) =>
        store.endTrace('t1', {
          status: 'failed',
          output: { success: true },
          apiOutput: 1,
          metadata: {},
          scores: { a: 1 },
          tokens: null,
          own: 1,
        } as never),
    ],
    [
      'setApiIO',
      'apiInput apiOutput',
      (store: ReturnType<typeof openStore>) => store.setApiIO('t1', { apiInput: 1, apiOutput: 2 }),
    ],
    [
      'upsertSession',
      'metadata own',
      (store: ReturnType<typeof openStore>) =>
        store.upsertSession({ ...session({ metadata: {} }), own: 1 } as never),
    ],
    [
      'ensureConfigSnapshot',
      'prompts responseSchemas groundingConfig executionPlan own',
      (store: ReturnType<typeof openStore>) =>
        store.ensureConfigSnapshot({
          ...snapshot({ responseSchemas: {}, groundingConfig: 1, executionPlan: 2 }),
          own: 1,
        } as never),
    ],
    [
      'addScore',
      'reason metadata own',
      (store: ReturnType<typeof openStore>) =>
        store.addScore({ traceId: 't1', name: 'n', value: 1, reason: 'r', metadata: {}, own: 1 } as never),
    ],
    [
      'addAnnotation',
      'value own',
      (store: ReturnType<typeof openStore>) =>
        store.addAnnotation({ traceId: 't1', kind: 'k', value: 1, own: 1 } as never),
    ],
    [
      'addLinks',
      'attributes',
      (store: ReturnType<typeof openStore>) =>
        store.addLinks([{ from: { traceId: 'a' }, to: { url: 'u' }, type: 'x', attributes: { a: 1 } }]),
    ],
    [
      'batchCreate',
      'input reason',
      (store: ReturnType<typeof openStore>) =>
        store.batchCreate({
          spans: [span({ input: 1 })],
          scores: [{ traceId: 't1', name: 'n', value: 1, reason: 'r' }],
        }),
    ],
    ['setTraceScores', '', (store: ReturnType<typeof openStore>) => store.setTraceScores('t1', { a: 1 })],
    ['setTraceTags', '', (store: ReturnType<typeof openStore>) => store.setTraceTags('t1', ['a'])],
  ])('%s: %s', async (method, fields, call) => {
    const seen: Array<[unknown, RedactWhere]> = [];
    const store = openStore({ redact: spy(seen) });
    await store.startTrace(trace());
    seen.length = 0;
    await call(store);
    expect(seen.map(([, where]) => where.field).join(' ')).toBe(fields);
    expect(seen.every(([, where]) => where.method === method)).toBe(true);
  });

  it('is what the contract does not name, also inside what it describes', async () => {
    const seen: Array<[unknown, RedactWhere]> = [];
    const store = openStore({ redact: spy(seen) });
    const tokens = { input: 1, output: 1, total: 2, reason: 'secret' };
    const cost = { total: 1, currency: 'USD', byModel: { m: 1 }, note: { a: 1 } };
    await store.startTrace(trace({ tokens, cost } as object));
    const source = { gitSha: 'g', author: 'me' };
    await store.ensureConfigSnapshot(snapshot({ modelParams: { seed: 7 }, source } as object));
    const shown = seen.map(([value, { field }]) => [field, value]);
    expect(shown.filter(([field]) => String(field).includes('.'))).toEqual([
      ['tokens.reason', 'secret'],
      ['cost.note', { a: 1 }],
      ['modelParams.seed', 7],
      ['source.author', 'me'],
    ]);
  });

  it('is not null or undefined', async () => {
    const seen: Array<[unknown, RedactWhere]> = [];
    await openStore({ redact: spy(seen) }).addSpan(span({ input: null, output: undefined }));
    expect(seen).toEqual([]);
  });

  it('comes before captureContent: false takes content out', async () => {
    const store = openStore({ captureContent: false, redact: () => 'four' });
    await store.addSpan(span({ input: 'a longer text' }));
    expect((await store.getSpans('t1'))[0]?.input).toEqual({ omitted: 'string', length: 4 });
  });
});

describe('what is stored', () => {
  it('is what it returns, and the caller’s object stays as it is', async () => {
    const store = openStore({
      redact: (value, { field }) => (field === 'input' ? { mail: '***' } : value),
    });
    const given = span({ input: { mail: 'a@b.c' }, output: 'kept' });
    await store.addSpan(given);
    expect((await store.getSpans('t1'))[0]).toMatchObject({ input: { mail: '***' }, output: 'kept' });
    expect(given.input).toEqual({ mail: 'a@b.c' });
  });

  it('is what it returns for a key inside a described field, too', async () => {
    const reports: string[] = [];
    const store = openStore({
      redact: (value, { field }) => {
        if (field === 'tokens.worse') throw new Error('no');
        return field === 'tokens.bad' ? '***' : value;
      },
      onError: ({ message }) => reports.push(message),
    });
    const tokens = { input: 1, output: 1, total: 2, bad: 'secret', worse: 'secret' };
    await store.startTrace(trace({ tokens } as object));
    expect((await store.getTrace('t1'))?.tokens).toEqual({ input: 1, output: 1, total: 2, bad: '***' });
    expect(reports).toEqual([
      'startTrace: redact failed on trace.tokens.[an unknown key], its value is left out',
    ]);
    expect(tokens.bad).toBe('secret');
  });

  it('is nothing when it returns undefined', async () => {
    const store = openStore({ redact: () => undefined });
    await store.addSpan(span({ input: 1, metadata: { a: 1 } }));
    const [stored] = await store.getSpans('t1');
    expect(stored).not.toHaveProperty('input');
    expect(stored).not.toHaveProperty('metadata');
  });

  it('is not what a toJSON of the document would bring back', async () => {
    const store = openStore({ redact: () => 'hidden' });
    const given = { ...span({ input: 'secret' }), toJSON: () => span({ input: 'secret' }) };
    await store.addSpan(given);
    expect(JSON.stringify(await store.getSpans('t1'))).not.toContain('secret');
  });

  it('must still fit the contract', async () => {
    const store = openStore({ redact: () => 5 });
    const error = await failure(store.startTrace(trace()));
    expect(error.message).toBe('startTrace: trace.input must be an object, got a number');
  });
});

describe('when it throws', () => {
  const failing: Array<[string, Redact]> = [
    [
      'an Error',
      () => {
        throw new Error('secret');
      },
    ],
    [
      'something else',
      () => {
        throw Object.create(null);
      },
    ],
    ['a promise', async () => 'late'],
    ['a promise that fails', () => Promise.reject(new Error('late'))],
  ];

  it.each(failing)('%s: optional fields are left out, required ones are marked', async (_name, redact) => {
    const reports: Array<[TraceStoreError, FailedOperation]> = [];
    const store = openStore({ redact, onError: (error, operation) => reports.push([error, operation]) });
    await store.startTrace(trace({ metadata: { a: 1 } }));
    await store.ensureConfigSnapshot(snapshot());
    const stored = await store.getTrace('t1');
    expect(stored?.input).toEqual({ prompt: '[omitted: redact failed]', parameters: {} });
    expect(stored).not.toHaveProperty('metadata');
    expect((await store.getConfigSnapshot('cfg1'))?.prompts).toEqual({});

    expect(reports.map(([error]) => error.message)).toEqual([
      'startTrace: redact failed on trace.input, its value is left out',
      'startTrace: redact failed on trace.metadata, its value is left out',
      'ensureConfigSnapshot: redact failed on configSnapshot.prompts, its value is left out',
    ]);
    expect(reports[0]?.[0].code).toBe('INVALID_ARGUMENT');
    expect(reports[0]?.[1]).toEqual({ method: 'startTrace', traceId: 't1' });
    expect((await store.info()).failedWrites).toBe(0);
  });

  it('calls it no second time for the same field', async () => {
    const redact = vi.fn<Redact>(() => {
      throw new Error('no');
    });
    await openStore({ redact }).addSpan(span({ input: 1 }));
    expect(redact).toHaveBeenCalledTimes(1);
  });
});
