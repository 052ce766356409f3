/** Versions: a write that is only made if its document is as its writer believes. */
import { describe, expect, it } from 'vitest';
import { failure, openStore, session, snapshot, span, trace } from './support.js';

describe('ifVersion', () => {
  it("counts a trace's own changes, not its spans and not what is said of it", async () => {
    const store = openStore();
    await store.addSpan(span());
    await store.startTrace(trace(), { ifVersion: 0 });
    await store.addSpan(span({ spanId: 's2' }));
    await store.addScore({ traceId: 't1', name: 'n', value: 1 });
    await store.addAnnotation({ traceId: 't1', value: 1 });
    await store.setTraceTags('t1', ['a'], { ifVersion: 1 });
    await store.setApiIO('t1', { apiInput: 1 }, { ifVersion: 2 });
    await store.setTraceScores('t1', { n: 2 }, { ifVersion: 3 });
    expect(await store.updateTraceTags('t1', { add: ['b'] }, { ifVersion: 4 })).toEqual({ version: 5 });
    await store.endTrace('t1', { status: 'completed', scores: { n: 3 } }, { ifVersion: 5 });
    expect((await store.getTraceInfo('t1'))?.version).toBe(6);
    expect(await store.getTrace('t1')).toMatchObject({ tags: ['a', 'b'], scores: { n: 3 }, apiInput: 1 });
  });

  it('fails with CONFLICT, which names both, and changes nothing', async () => {
    const store = openStore();
    await store.startTrace(trace());
    const error = await failure(store.setTraceTags('t1', ['x'], { ifVersion: 7 }));
    expect(error).toMatchObject({ code: 'CONFLICT', method: 'setTraceTags' });
    expect(error.message).toContain('trace "t1" has version 1, not 7');
    expect((await store.getTrace('t1'))?.tags).toEqual([]);
    await store.addSpan(span({ traceId: 'of spans' }));
    const unknown = await failure(store.endTrace('of spans', { status: 'failed' }, { ifVersion: 1 }));
    expect(unknown.message).toContain('has version 0, not 1');
    expect((await failure(store.startTrace(trace(), { ifVersion: 0 }))).code).toBe('CONFLICT');
  });

  it('holds for every other document', async () => {
    const store = openStore();
    await store.addSpan(span(), { ifVersion: 0 });
    await store.addSpan(span({ name: 'again' }), { ifVersion: 1 });
    expect((await failure(store.addSpan(span(), { ifVersion: 1 }))).message).toContain(
      'span "s1" of trace "t1"',
    );
    await store.upsertSession(session(), { ifVersion: 0 });
    await store.upsertSession(session(), { ifVersion: 1 });
    expect((await failure(store.upsertSession(session(), { ifVersion: 1 }))).code).toBe('CONFLICT');
    await store.ensureConfigSnapshot(snapshot(), { ifVersion: 0 });
    expect((await failure(store.ensureConfigSnapshot(snapshot(), { ifVersion: 0 }))).code).toBe('CONFLICT');
    const said = { traceId: 't1', name: 'n', id: 'score' };
    await store.addScore(said, { ifVersion: 0 });
    expect((await failure(store.deleteScore('score', { ifVersion: 2 }))).code).toBe('CONFLICT');
    expect(await store.deleteScore('score', { ifVersion: 1 })).toEqual({ id: 'score', deleted: true });
    const note = { traceId: 't1', identifier: 'note', value: 1 };
    const { id } = await store.addAnnotation(note, { ifVersion: 0 });
    expect(await store.addAnnotation(note, { ifVersion: 1 })).toEqual({ id, version: 2 });
    expect((await failure(store.deleteAnnotation(id, { ifVersion: 1 }))).code).toBe('CONFLICT');
  });

  it('is a whole number, and the only option', async () => {
    const store = openStore();
    expect((await failure(store.addSpan(span(), { ifVersion: -1 }))).field).toBe('options.ifVersion');
    expect((await failure(store.addSpan(span(), { ifversion: 1 } as never))).message).toContain('ifversion');
    await expect(store.addSpan(span(), {})).resolves.toBeUndefined();
    await expect(store.addSpan(span({ spanId: 's9' }), { ifVersion: 0 })).resolves.toBeUndefined();
  });

  it('cuts a document that is too large, as ever', async () => {
    const store = openStore({ maxPayloadBytes: 2000 });
    await store.addSpan(span({ input: 'x'.repeat(5000) }), { ifVersion: 0 });
    expect((await store.getSpan('t1', 's1'))?.input).toContain('[cut: 5000 bytes]');
  });
});

it('a store that is switched off answers as if nothing was written', async () => {
  const store = openStore({ enabled: false });
  expect(await store.addScore({ id: 's', traceId: 't', name: 'n' })).toEqual({ id: 's', version: 0 });
  expect(await store.updateTraceTags('t', { add: ['a'] })).toEqual({ version: 0 });
  expect(await store.deleteAnnotation('a')).toEqual({ id: 'a', deleted: false });
  expect(await store.addLinks([{ from: { traceId: 'a' }, to: { traceId: 'b' }, type: 'x' }])).toEqual([
    { version: 0 },
  ]);
  expect(await store.listScores()).toEqual({ scores: [], hasMore: false });
  expect(await store.getTraceInfo('t')).toBeNull();
});
