/** Annotations: any value, of a trace or a span, replaced by its identifier. */
import { expect, it } from 'vitest';
import { failure, openStore, span, trace } from './support.js';

it('any JSON value comes back, of a trace and its spans, in the order of saying', async () => {
  const store = openStore();
  const values = [null, 0, '', 'text '.repeat(100), [1, [2]], { note: { deep: ['x'] } }];
  for (const [n, value] of values.entries())
    void store.addAnnotation({
      traceId: 't1',
      ...(n % 2 === 1 && { spanId: 's1' }),
      kind: `k${n}`,
      author: 'me',
      value,
    });
  await store.startTrace(trace());
  const found = await store.getAnnotations('t1');
  expect(found.map(({ value }) => value as unknown)).toEqual(values);
  expect(found[1]).toEqual({
    id: expect.stringMatching(/^[-0-9a-f]{36}$/),
    traceId: 't1',
    spanId: 's1',
    kind: 'k1',
    author: 'me',
    value: 0,
    createdAt: expect.any(Date),
    updatedAt: expect.any(Date),
    version: 1,
  });
  expect((await store.getAnnotations('t1', 's1')).map(({ kind }) => kind)).toEqual(['k1', 'k3', 'k5']);
  expect(await store.getAnnotations('t2')).toEqual([]);
});

it('the same identifier of the same trace or span replaces, and nothing else does', async () => {
  const store = openStore();
  const long = 'x'.repeat(400);
  const first = await store.addAnnotation({ traceId: 't1', identifier: 'note', value: long });
  const ofSpan = await store.addAnnotation({ traceId: 't1', spanId: 's1', identifier: 'note', value: long });
  expect(ofSpan.id).not.toBe(first.id);
  expect(await store.addAnnotation({ traceId: 't1', identifier: 'note', value: 'short' })).toEqual({
    id: first.id,
    version: 2,
  });
  expect((await store.getAnnotations('t1')).map(({ value }) => value as unknown)).toEqual(['short', long]);
  expect(await store.deleteAnnotation(first.id)).toEqual({ id: first.id, deleted: true });
  expect(await store.deleteAnnotation(first.id)).toEqual({ id: first.id, deleted: false });
  expect(await store.getAnnotations('t1')).toHaveLength(1);
  await store.deleteAnnotation(ofSpan.id);
  const { problems, counts } = await store.verify();
  expect([problems, counts.pieces]).toEqual([[], 0]);
});

it('a text that the conversation has too is stored once', async () => {
  const store = openStore();
  const text = 'a long answer '.repeat(40);
  await store.addSpan(span({ output: text }));
  const { id } = await store.addAnnotation({ traceId: 't1', value: text });
  expect((await store.verify()).counts.pieces).toBe(1);
  await store.deleteAnnotation(id);
  expect((await store.getSpans('t1'))[0]?.output).toBe(text);
  expect((await store.verify()).problems).toEqual([]);
});

it('a value must be there, and is content', async () => {
  const store = openStore({ captureContent: false });
  expect((await failure(store.addAnnotation({ traceId: 't1' } as never))).message).toContain(
    'annotation.value',
  );
  expect(
    (await failure(store.addAnnotation({ traceId: 't1', id: 'x', value: 1 } as never))).message,
  ).toContain('annotation.id must be absent');
  await store.addAnnotation({ traceId: 't1', kind: 'note', value: { a: 'secret' } });
  expect((await store.getAnnotations('t1'))[0]).toMatchObject({
    kind: 'note',
    value: { omitted: 'object', keys: 1 },
  });
});
