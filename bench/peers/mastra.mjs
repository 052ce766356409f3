// Either of Mastra's stores, called as Mastra's own storage exporter calls it: spans that have ended become records, a thousand are awaited at a time.
import { buildCreateSpanRecord } from '@mastra/core/storage';
import { batches, tracesOf } from './work.mjs';

const BATCH = 1_000; // the exporter's default
const TYPES = { llm: 'model_generation', tool: 'tool_call', agent: 'agent_run' };

/** One record per span: the exporter's default mode for LibSQL would also update each span that it has created. */
export async function openMastra(store) {
  await store.init();
  const traces = await store.getStore('observability');
  return {
    prepare: (calls) => [...batches(tracesOf(calls).flatMap(exported), BATCH)],
    write: async (prepared) => {
      for (const batch of prepared)
        await traces.batchCreateSpans({ records: batch.map((span) => buildCreateSpanRecord(span)) });
    },
    conversation: async (traceId) => {
      const { spans } = await traces.getTrace({ traceId });
      return spans.filter(({ parentSpanId }) => parentSpanId).map(({ input }) => input);
    },
    firstPage: async (limit) => {
      const { spans } = await traces.listTraces({ pagination: { page: 0, perPage: limit } });
      return spans;
    },
    close: () => store.close(),
  };
}

/** What Mastra's tracer hands to its exporters: the trace is the root span, which ends last. */
function exported({ trace, result, spans }) {
  const root = `root-${trace.traceId}`;
  return [...spans.map((span) => childSpan(span, trace, root)), rootSpan(trace, result, root)];
}

function rootSpan(trace, result, id) {
  return {
    id,
    traceId: trace.traceId,
    name: trace.agentName,
    type: 'agent_run',
    entityType: 'agent',
    entityId: trace.agentName,
    entityName: trace.agentName,
    isEvent: false,
    isRootSpan: true,
    startTime: trace.startedAt,
    endTime: result.completedAt,
    input: trace.input,
    output: result.output,
    tags: trace.tags,
    attributes: { agentVersion: trace.agentVersion, tokens: result.tokens, cost: result.cost },
    metadata: { ...trace.metadata, ...who(trace) },
    errorInfo: result.status === 'failed' ? { message: 'failed' } : undefined,
  };
}

function childSpan(span, trace, root) {
  return {
    id: span.spanId,
    traceId: span.traceId,
    parentSpanId: span.parentSpanId ?? root,
    name: span.name,
    type: TYPES[span.kind] ?? 'generic',
    isEvent: false,
    isRootSpan: false,
    startTime: span.startedAt,
    endTime: new Date(span.startedAt.getTime() + span.durationMs),
    input: span.input,
    output: span.output,
    attributes: span.genAiAttributes,
    metadata: { ...span.metadata, ...who(trace) },
    errorInfo: span.error === undefined ? undefined : { message: span.error },
  };
}

function who({ userId, sessionId }) {
  return { userId: String(userId), ...(sessionId ? { sessionId } : {}) };
}
