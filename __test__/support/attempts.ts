/** Attempts to reach another tenant's documents, one list for each method. */
import type { TenantTraceStore } from 'tracestore';
import { at, session, snapshot, span, trace } from '../support.js';
import { begun } from './live.js';

/** The same ids in whatever tenant; `word` tells whose they are. */
export async function fill(store: TenantTraceStore, word: string): Promise<void> {
  for (const n of [1, 2, 3]) {
    const traceId = `t${n}`;
    await store.startTrace(
      trace({ traceId, agentName: word, sessionId: 'c1', startedAt: at(n), tags: [word, 'all'] }),
    );
    for (const spanId of ['s1', 's2', 's3']) await store.addSpan(span({ traceId, spanId, output: word }));
  }
  // Nobody upserts it: it follows its trace.
  await store.startTrace(trace({ traceId: 't4', agentName: word, sessionId: 'c3', endUserId: word }));
  await store.addScore({ id: 'score', traceId: 't1', name: word, value: 1 });
  await store.addAnnotation({ traceId: 't1', spanId: 's1', identifier: 'note', value: word });
  await store.addLinks([{ from: { traceId: 't1' }, to: { traceId: 't2' }, type: word }]);
  await store.endTrace('t1', {
    status: 'completed',
    completedAt: at(9),
    output: { success: true, data: word },
  });
  await store.upsertSession(session({ sessionId: 'c1', metadata: { word } }));
  await store.upsertSession(session({ sessionId: 'c2', tags: [word] }));
  await store.ensureConfigSnapshot(snapshot({ prompts: { system: word } }));
}

/** Everything that the ids above lead to. */
export async function everything(store: TenantTraceStore): Promise<unknown> {
  const traces = await store.listTraces();
  const spans = await Promise.all(traces.traces.map(({ traceId }) => store.getSpans(traceId)));
  const alone = [
    await store.getTrace('t1'),
    await store.getSession('c1'),
    await store.getConfigSnapshot('cfg1'),
    await store.getTraceInfo('t1'),
    await store.listScores(),
    await store.getAnnotations('t1'),
    await store.getLinks({ traceId: 't2' }),
  ];
  return { traces, spans, sessions: await store.listSessions(), alone };
}

/** Without times of writing and ids that the store made, which differ from store to store. */
async function plain(answer: Promise<unknown>): Promise<unknown> {
  const own = new Set(['createdAt', 'updatedAt', 'id']);
  return JSON.parse(
    JSON.stringify(await answer, (key, value: unknown) => (own.has(key) ? undefined : value)) ?? 'null',
  ) as unknown;
}

/** What each method is tried with, from inside a tenant that has none of the documents it names, and then some of them. */
export const ATTEMPTS: Record<string, Array<(store: TenantTraceStore) => Promise<unknown>>> = {
  startTrace: [(store) => store.startTrace(trace({ traceId: 't1', sessionId: 'c1', parentTraceId: 't2' }))],
  ensureTrace: [
    (store) => store.ensureTrace({ traceId: 't2', startedAt: at(1), sessionId: 'c1' }),
    (store) => store.ensureTrace({ traceId: 't1', agentName: 'mine', startedAt: at(2) }),
    (store) => store.ensureTrace({ traceId: 't4', sessionId: 'c3', startedAt: at(2) }),
  ],
  endTrace: [
    (store) => store.endTrace('t2', { status: 'failed', completedAt: at(9) }),
    (store) => store.endTrace('t1', { status: 'failed', completedAt: at(9), tags: ['mine'] }),
  ],
  addSpan: [
    (store) => store.addSpan(span({ traceId: 't1', spanId: 's1', parentSpanId: 's2', output: 'mine' })),
    (store) => store.addSpan(span({ traceId: 't3', spanId: 's1', links: [{ to: { traceId: 't2' } }] })),
    (store) => store.addSpan(span({ traceId: 't3', spanId: 's9', parentSpanId: 's1' })),
  ],
  addStep: [
    (store) => store.addStep('t1', { type: 'thought', content: 'mine' }, { spanId: 's3', startedAt: at(4) }),
    (store) =>
      store.addStep(
        't2',
        { type: 'thought', content: 'mine' },
        { spanId: 's3', startedAt: at(4), ifVersion: 1 },
      ),
  ],
  // An event: how long another span has been running is never the same twice.
  startSpan: [(store) => store.startSpan(begun({ traceId: 't1', spanId: 's2', isEvent: true }))],
  updateSpan: [
    (store) => store.updateSpan('t1', 's3', { output: 'mine' }),
    (store) => store.updateSpan('t2', 's1', { metadata: { mine: 1 } }),
  ],
  endSpan: [(store) => store.endSpan('t2', 's2', { endedAt: at(1), output: 'mine' })],
  addEvents: [
    (store) => store.addEvents('t2', 's1', [{ name: 'mine', time: at(1) }]),
    (store) => store.addEvents('t1', 's1', [{ name: 'mine', time: at(1) }], { ifVersion: 1 }),
  ],
  setApiIO: [(store) => store.setApiIO('t2', { apiOutput: 'mine' })],
  setTraceScores: [(store) => store.setTraceScores('t2', { mine: 1 })],
  setTraceTags: [(store) => store.setTraceTags('t2', ['mine'])],
  upsertSession: [
    (store) => store.upsertSession(session({ sessionId: 'c1', updatedAt: at(1), traceCount: 0 })),
    (store) =>
      store.upsertSession(session({ sessionId: 'c3', updatedAt: at(1), traceCount: 0 }), { ifVersion: 0 }),
  ],
  ensureConfigSnapshot: [
    (store) => store.ensureConfigSnapshot(snapshot({ prompts: { system: 'mine' } })),
    (store) => store.ensureConfigSnapshot(snapshot({ snapshotId: 'cfg2' })),
  ],
  getTrace: ['t1', 't2', 't3'].map((id) => (store) => store.getTrace(id)),
  getSpans: [
    ...['t1', 't2', 't3'].map((id) => (store: TenantTraceStore) => store.getSpans(id)),
    (store) => store.getSpans('t1', { limit: 9, cursor: 'p0.0.ffffffff@mine' }),
    (store) => store.getSpans('t2', { limit: 9, cursor: 'p0.0.ffffffff@mine' }),
  ],
  getSession: ['c1', 'c2', 'c3'].map((id) => (store) => store.getSession(id)),
  getConfigSnapshot: ['cfg1', 'cfg2'].map((id) => (store) => store.getConfigSnapshot(id)),
  listTraces: [
    {},
    { sessionId: 'c1' },
    { tags: ['all'] },
    { agentName: 'theirs' },
    { userId: 7, status: 'running' },
    { limit: 0 },
    { after: at(0) },
  ]
    .flatMap((filter) => [filter, { ...filter, cursor: 't7fffffffffffffff.7fffffffffffffff@mine' }])
    .map((filter) => (store: TenantTraceStore) => store.listTraces(filter as object)),
  listSessions: [{}, { userId: 7 }, { tags: ['theirs'] }, { userId: 7, tags: ['support'] }, { limit: 0 }]
    .flatMap((filter) => [filter, { ...filter, cursor: 's7fffffffffffffff.7fffffffffffffff@mine' }])
    .map((filter) => (store: TenantTraceStore) => store.listSessions(filter)),
  updateTraceTags: [(store) => store.updateTraceTags('t2', { add: ['mine'], remove: ['all'] })],
  updateSpanTags: [(store) => store.updateSpanTags('t2', 's1', { add: ['mine'] }, { ifVersion: 1 })],
  addScore: [
    (store) => store.addScore({ id: 'score', traceId: 't1', name: 'mine', value: 2 }),
    (store) => store.addScore({ id: 'score', traceId: 't2', name: 'mine' }, { ifVersion: 1 }),
  ],
  deleteScore: [(store) => store.deleteScore('score')],
  listScores: [
    {},
    { traceId: 't1' },
    { name: 'theirs' },
    { minValue: 0, cursor: 'c0.7fffffffffffffff@mine' },
  ].map((filter) => (store) => plain(store.listScores(filter))),
  addAnnotation: [
    (store) => plain(store.addAnnotation({ traceId: 't1', spanId: 's1', identifier: 'note', value: 'mine' })),
  ],
  deleteAnnotation: [(store) => store.deleteAnnotation('nobody')],
  getAnnotations: [
    (store) => plain(store.getAnnotations('t1')),
    (store) => plain(store.getAnnotations('t1', 's1')),
  ],
  addLinks: [(store) => store.addLinks([{ from: { traceId: 't1' }, to: { traceId: 't2' }, type: 'theirs' }])],
  getLinks: ['t1', 't2'].map((traceId) => (store) => plain(store.getLinks({ traceId }))),
  batchCreate: [
    (store) =>
      store.batchCreate({
        spans: [span({ traceId: 't2', spanId: 's1' })],
        traces: [trace({ traceId: 't9' })],
      }),
  ],
  getSpan: [(store) => store.getSpan('t1', 's1'), (store) => store.getSpan('t3', 's1')],
  getRootSpans: ['t1', 't2', 't3'].map((id) => (store) => store.getRootSpans(id)),
  getTraceInfo: ['t1', 't2', 't3'].map((id) => (store) => plain(store.getTraceInfo(id))),
  getSpanInfo: ['t1', 't2', 't3'].map((id) => (store) => plain(store.getSpanInfo(id, 's1'))),
  flush: [(store) => store.flush()],
};

/** What all attempts are answered, errors by what they say. */
export async function tryAll(store: TenantTraceStore): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const [method, attempts] of Object.entries(ATTEMPTS)) {
    for (const attempt of attempts)
      answers.push([
        method,
        await attempt(store).catch(({ code, message }: { code: string; message: string }) => ({
          code,
          message,
        })),
      ]);
  }
  return answers;
}
