/** What is recorded of errors beside their text. */
import { describe, expect, it } from 'vitest';
import { failure, openStore, span, trace } from './support.js';
import { only, started } from './support/started.js';

class RateLimited extends Error {
  readonly retryAfter = 30;
  readonly recoverable = true;
  readonly code = 429;
}

describe('an Error given as error', () => {
  it('fills errorInfo, with its causes, and keeps its text', async () => {
    const { store } = await started();
    const error = new RateLimited('slow down', { cause: new TypeError('socket closed') });
    await store.addSpan(span({ status: 'error', error }));
    const read = await only(store);
    expect(read['error']).toMatch(/slow down[^]*\[cause\][^]*socket closed/);
    expect(read['errorInfo']).toMatchObject({
      type: 'RateLimited',
      message: 'slow down',
      code: '429',
      recoverable: true,
      data: { retryAfter: 30 },
      cause: { type: 'TypeError', message: 'socket closed' },
    });
  });

  it('of a trace stands in its output', async () => {
    const { store } = await started();
    await store.endTrace('t1', {
      status: 'failed',
      output: { success: false, error: new RangeError('too far') },
    });
    expect(await store.getTrace('t1')).toMatchObject({
      output: { error: expect.stringContaining('too far') as unknown },
      errorInfo: { type: 'RangeError', message: 'too far' },
    });
  });

  it('says nothing where errorInfo is given', async () => {
    const { store } = await started();
    await store.addSpan(span({ error: new Error('text'), errorInfo: { type: 'Own', message: 'words' } }));
    expect((await only(store))['errorInfo']).toEqual({ type: 'Own', message: 'words' });
  });

  it('may be one of its own causes, or have many', async () => {
    const { store } = await started();
    const circle = new Error('circle');
    circle.cause = circle;
    const errors = new AggregateError([new Error('one'), new Error('two')], 'several');
    await store.addSpan(span({ error: circle }));
    await store.addSpan(span({ spanId: 's2', error: errors }));
    const [one, several] = await store.getSpans('t1');
    expect(JSON.stringify(one?.errorInfo).match(/"message":"circle"/g)).toHaveLength(9);
    expect(several?.errorInfo?.data).toMatchObject({ errors: [{ message: 'one' }, { message: 'two' }] });
  });
});

describe('errorInfo', () => {
  it('gives error its message', async () => {
    const { store } = await started();
    await store.addSpan(span({ errorInfo: { type: 'Timeout', message: 'after 30 s', code: 'ETIMEDOUT' } }));
    expect(await only(store)).toMatchObject({
      error: 'after 30 s',
      errorInfo: { type: 'Timeout', message: 'after 30 s', code: 'ETIMEDOUT' },
    });
    await store.endTrace('t1', {
      status: 'failed',
      output: { success: false },
      errorInfo: { type: 'Timeout', message: 'after 30 s' },
    });
    expect((await store.getTrace('t1'))?.output).toEqual({ success: false, error: 'after 30 s' });
    await store.endTrace('t1', { status: 'completed', errorInfo: null });
    expect(await store.getTrace('t1')).not.toHaveProperty('errorInfo');
  });

  it.each<[string, unknown, object]>([
    ['a text', 'it broke', { type: 'Error', message: 'it broke' }],
    [
      'what a framework has',
      { name: 'Oops', details: { step: 2 } },
      { name: 'Oops', type: 'Oops', message: '', details: { step: 2 } },
    ],
    [
      'a number as code',
      { type: 'Http', message: 'm', code: 503 },
      { type: 'Http', message: 'm', code: '503' },
    ],
    ['a wrong flag', { type: 'T', message: 'm', recoverable: 'yes' }, { type: 'T', message: 'm' }],
  ])('takes %s', async (_what, errorInfo, expected) => {
    const { store } = await started();
    await store.addSpan(span({ errorInfo: errorInfo as never }));
    expect((await only(store))['errorInfo']).toEqual(expected);
  });

  it('reports a field of it that is left out', async () => {
    const { store, heard } = await started();
    await store.addSpan(span({ errorInfo: { type: 'T', message: 'm', recoverable: 'yes' as never } }));
    expect(heard).toMatchObject([
      { code: 'INVALID_ARGUMENT', method: 'addSpan', field: 'span.errorInfo.recoverable' },
    ]);
  });

  it('of nothing that can be told is left out', async () => {
    const { store, heard } = await started();
    await store.addSpan(span({ errorInfo: 7 as never }));
    expect(await only(store)).not.toHaveProperty('errorInfo');
    expect(heard).toMatchObject([{ field: 'span.errorInfo' }]);
  });

  it('keeps type, code and recoverable without content', async () => {
    const store = openStore({ captureContent: false });
    await store.startTrace(trace());
    const error = new RateLimited('secret', { cause: new Error('secret') });
    await store.addSpan(span({ error }));
    const read = await only(store);
    expect(JSON.stringify(read)).not.toContain('secret');
    expect(read['errorInfo']).toMatchObject({
      type: 'RateLimited',
      code: '429',
      recoverable: true,
      cause: { type: 'Error' },
    });
    await failure(store.addSpan(span({ error: 7 as never })));
  });
});
