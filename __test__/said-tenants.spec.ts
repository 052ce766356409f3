/** What is said in one tenant exists in no other, whatever ids it has. */
import { expect, it } from 'vitest';
import { failure, openStore, span, trace } from './support.js';

it('scores, annotations, links and versions keep to their tenant', async () => {
  const store = openStore();
  const [acme, other] = [store.forTenant('acme'), store.forTenant('other')];
  const score = { id: 'score', traceId: 't1', name: 'quality', value: 1 };
  const link = { from: { traceId: 't1' }, to: { traceId: 't2' }, type: 'follows_from' };
  await acme.batchCreate({
    traces: [trace()],
    spans: [span()],
    scores: [score],
    annotations: [{ traceId: 't1', identifier: 'note', value: 'secret' }],
    links: [link],
  });
  const [annotation] = await acme.getAnnotations('t1');
  for (const stranger of [store, other]) {
    expect((await stranger.listScores({ traceId: 't1' })).scores).toEqual([]);
    expect((await stranger.listScores()).scores).toEqual([]);
    expect(await stranger.getAnnotations('t1')).toEqual([]);
    expect(await stranger.getLinks({ traceId: 't1' })).toEqual([]);
    expect(await stranger.getTraceInfo('t1')).toBeNull();
    expect(await stranger.getSpanInfo('t1', 's1')).toBeNull();
    expect(await stranger.getSpan('t1', 's1')).toBeNull();
    expect(await stranger.getRootSpans('t1')).toEqual([]);
    expect(await stranger.deleteScore('score')).toEqual({ id: 'score', deleted: false });
    expect(await stranger.deleteAnnotation(annotation!.id)).toMatchObject({ deleted: false });
    expect((await failure(stranger.updateTraceTags('t1', { add: ['x'] }))).code).toBe('NOT_FOUND');
    expect((await failure(stranger.updateSpanTags('t1', 's1', { add: ['x'] }))).code).toBe('NOT_FOUND');
    await stranger.startTrace(trace({ agentName: 'mine' }), { ifVersion: 0 });
    expect(await stranger.addScore({ ...score, value: 2 })).toEqual({ id: 'score', version: 1 });
    expect((await stranger.getTrace('t1'))?.scores).toEqual({ quality: 2 });
    expect(await stranger.addLinks([link])).toEqual([{ version: 1 }]);
  }
  const page = await acme.listScores({ limit: 1 });
  expect(page.scores[0]).toMatchObject(score);
  expect((await acme.getTrace('t1'))?.scores).toEqual({ quality: 1 });
  await acme.addScore({ ...score, id: 'another' });
  const { nextCursor } = await acme.listScores({ limit: 1 });
  expect((await failure(other.listScores({ cursor: nextCursor! }))).code).toBe('INVALID_ARGUMENT');
  expect((await store.verify()).problems).toEqual([]);
});
