/** Info records, single spans and roots: a trace looked at without reading all of it. */
import { expect, it } from 'vitest';
import { at, openStore, span, T0, trace } from './support.js';

it('a trace tells what it is, what it has, and when it was written', async () => {
  const store = openStore();
  expect(await store.getTraceInfo('t1')).toBeNull();
  const before = Date.now();
  await store.addSpan(span());
  expect(await store.getTraceInfo('t1')).toMatchObject({
    agentName: 'chat',
    status: 'completed',
    version: 0,
  });
  await store.startTrace(
    trace({ sessionId: 'c1', parentTraceId: 't0', configSnapshotId: 'cfg', tags: ['a'] }),
  );
  await store.addScore({ traceId: 't1', name: 'n', value: 1 });
  await store.addScore({ traceId: 't1', spanId: 's1', name: 'n', value: 1 });
  await store.addAnnotation({ traceId: 't1', value: 1 });
  await store.addLinks([{ from: { traceId: 't1' }, to: { traceId: 't0' }, type: 'follows_from' }]);
  await store.endTrace('t1', { status: 'completed', completedAt: at(1500) });
  const info = await store.getTraceInfo('t1');
  expect(info).toEqual({
    traceId: 't1',
    sessionId: 'c1',
    parentTraceId: 't0',
    configSnapshotId: 'cfg',
    agentName: 'planner',
    agentVersion: '1.2.3',
    userId: 7,
    auditingId: 70,
    status: 'completed',
    tags: ['a'],
    startedAt: T0,
    completedAt: at(1500),
    durationMs: 1500,
    hasChildren: true,
    counts: { spans: 1, scores: 1, annotations: 1, links: 1 },
    createdAt: expect.any(Date),
    updatedAt: expect.any(Date),
    version: 2,
  });
  expect(info!.createdAt.getTime()).toBeGreaterThanOrEqual(before);
  expect(info!.updatedAt.getTime()).toBeGreaterThanOrEqual(info!.createdAt.getTime());
  expect(info!.updatedAt.getTime()).toBeLessThanOrEqual(Date.now());
});

it('so does a span', async () => {
  const store = openStore();
  await store.addSpan(span({ spanId: 'run', kind: 'agent', toolType: 'mcp' }));
  await store.addSpan(span({ parentSpanId: 'run', tags: ['x'] }));
  await store.addAnnotation({ traceId: 't1', spanId: 'run', value: 1 });
  await store.addLinks([{ from: { traceId: 't2' }, to: { traceId: 't1', spanId: 'run' }, type: 'x' }]);
  expect(await store.getSpanInfo('t1', 'run')).toEqual({
    traceId: 't1',
    spanId: 'run',
    kind: 'agent',
    name: 'chat',
    status: 'ok',
    toolType: 'mcp',
    tags: [],
    startedAt: T0,
    durationMs: 12.5,
    hasChildren: true,
    counts: { children: 1, scores: 0, annotations: 1, links: 1 },
    createdAt: expect.any(Date),
    updatedAt: expect.any(Date),
    version: 1,
  });
  expect(await store.getSpanInfo('t1', 's1')).toMatchObject({
    parentSpanId: 'run',
    hasChildren: false,
    tags: ['x'],
  });
  expect(await store.getSpanInfo('t1', 'nobody')).toBeNull();
  expect(await store.getSpanInfo('nobody', 'run')).toBeNull();
});

it('one span, and those without a parent in their order', async () => {
  const store = openStore();
  const spans = [
    span({ spanId: 'late', startedAt: at(5), input: 'x'.repeat(300) }),
    span({ spanId: 'child', parentSpanId: 'early' }),
    span({ spanId: 'early' }),
    span({ spanId: 'lost', parentSpanId: 'nobody' }),
  ];
  for (const one of spans) await store.addSpan(one);
  expect(await store.getSpan('t1', 'late')).toEqual({ schemaVersion: 1, ...spans[0] });
  expect(await store.getSpan('t1', 'nobody')).toBeNull();
  expect((await store.getRootSpans('t1')).map(({ spanId }) => spanId)).toEqual(['early', 'late']);
  expect(await store.getRootSpans('t2')).toEqual([]);
});
