/** Every operation once, on documents that are named after a number: told of by that alone whether they are whole. */
import { minimalTrace, numberedSpan } from './spans.mjs';

const T0 = new Date('2026-01-02T03:04:05.678Z');

/** All that is said of one number, in one tick; it also corrects and takes back what it says. */
export function sayEverything(store, n) {
  const traceId = `t${n}`;
  const one = (spanId, more) => ({ ...numberedSpan(n, { traceId }), spanId, ...more });
  const begun = (spanId) => {
    const { status: _status, durationMs: _duration, ...span } = one(spanId);
    return span;
  };
  return [
    store.startTrace({ ...minimalTrace(traceId), sessionId: `followed${n}` }),
    store.addSpan(one('whole', { links: [{ to: { url: `link${n}` } }] })),
    store.startSpan(begun('live')),
    store.updateSpan(traceId, 'live', { output: 'half' }),
    store.addEvents(traceId, 'live', [{ name: `event${n}`, time: T0 }]),
    store.endSpan(traceId, 'live', { output: n, durationMs: n }),
    store.startSpan(begun('running')),
    store.addStep(
      traceId,
      { type: 'thought', content: `thought ${n}` },
      { spanId: 'step', startedAt: T0, parentSpanId: 'live' },
    ),
    store.updateSpanTags(traceId, 'whole', { add: [`tag${n}`] }),
    store.setApiIO(traceId, { apiInput: n }),
    store.ensureTrace({ traceId, endUserId: `user${n}` }),
    store.setTraceTags(traceId, ['gone', 'kept']),
    store.updateTraceTags(traceId, { remove: ['gone'] }),
    store.setTraceScores(traceId, { mapped: n }),
    store.addScore({ id: `score${n}`, traceId, spanId: 'whole', name: 'said', value: n }),
    store.addScore({ id: `gone${n}`, traceId, name: 'gone', value: n }),
    store.deleteScore(`gone${n}`),
    store.addAnnotation({ traceId, identifier: 'a', value: n }),
    store.addLinks([{ from: { traceId }, to: { externalId: `link${n}` }, type: 'x' }]),
    store.upsertSession({
      schemaVersion: 1,
      sessionId: `told${n}`,
      userId: n,
      auditingId: 0,
      createdAt: T0,
      updatedAt: T0,
      traceCount: 0,
      tags: [],
    }),
    store.ensureConfigSnapshot({
      schemaVersion: 1,
      snapshotId: `config${n}`,
      agentName: 'a',
      agentVersion: '1',
      model: 'm',
      modelParams: {},
      prompts: { system: `${n}` },
      tags: [],
      createdAt: T0,
    }),
    store.batchCreate({
      traces: [minimalTrace(`batch${n}`)],
      spans: [{ ...one('s'), traceId: `batch${n}` }],
    }),
    store.endTrace(traceId, { status: 'completed', completedAt: T0, output: { success: true, data: n } }),
  ];
}

/** What there is of a number, part by part; the span that still runs by its state alone. */
export async function readEverything(store, n) {
  const traceId = `t${n}`;
  const spans = await store.getSpans(traceId);
  const byId = (spanId) => spans.find((span) => span.spanId === spanId) ?? null;
  const session = async (sessionId) => (await store.getSession(sessionId))?.userId;
  const trace = await store.getTrace(traceId);
  const batch = await store.getTrace(`batch${n}`);
  const links = [...(await store.getLinks({ traceId })), ...(await store.getLinks({ url: `link${n}` }))];
  return {
    trace: trace && [
      trace.status,
      trace.apiInput,
      trace.endUserId,
      trace.tags,
      trace.scores,
      trace.output?.data,
    ],
    whole: byId('whole') && [byId('whole').output, byId('whole').tags, byId('whole').links],
    live: byId('live') && [byId('live').output, byId('live').durationMs, byId('live').events?.[0]?.name],
    running: byId('running')?.state,
    step: byId('step')?.step?.content,
    scores: (await store.listScores({ traceId })).scores.map(({ id, value }) => [id, value]),
    annotations: (await store.getAnnotations(traceId)).map(({ value }) => value),
    links: links.map(({ to }) => to),
    sessions: [await session(`followed${n}`), await session(`told${n}`)],
    config: (await store.getConfigSnapshot(`config${n}`))?.prompts.system,
    batch: batch && [batch.status, (await store.getSpans(`batch${n}`)).length],
  };
}
