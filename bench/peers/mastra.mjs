// Either of Mastra's stores, called as Mastra's own storage exporter calls it: spans that have ended become records, a thousand are awaited at a time.
import { buildCreateSpanRecord } from '@mastra/core/storage';
import { batches } from './work.mjs';

const BATCH = 1_000; // the exporter's default
const LARGEST_PAGE = 100; // listTraces refuses more
const TYPES = { llm: 'model_generation', tool: 'tool_call', agent: 'agent_run' };

/** One record per span: the exporter's default mode for LibSQL would also update each span that it has created. */
export async function openMastra(store) {
  await store.init();
  const traces = await store.getStore('observability');
  const running = new Map();
  return {
    prepare: (calls) => [
      ...batches(
        calls.flatMap((call) => exported(call, running)),
        BATCH,
      ),
    ],
    write: async (prepared) => {
      for (const batch of prepared)
        await traces.batchCreateSpans({ records: batch.map((span) => buildCreateSpanRecord(span)) });
    },
    conversation: async (traceId) => {
      const { spans } = await traces.getTrace({ traceId });
      return spans.filter(({ parentSpanId }) => parentSpanId).map(({ input }) => input);
    },
    firstPage: async (limit) => {
      const perPage = Math.min(limit, LARGEST_PAGE);
      const found = [];
      for (let page = 0; page * perPage < limit; page += 1)
        found.push(...(await traces.listTraces({ pagination: { page, perPage } })).spans);
      return found;
    },
    exporter: async () => {
      const { openExporter } = await import('./mastra-exporter.mjs');
      return openExporter(store, traces);
    },
    close: () => store.close(),
  };
}

/** What Mastra's tracer hands to its exporters at this call: spans that have ended, of which the trace itself is the last. */
function exported({ op, args }, running) {
  if (op === 'addSpan') return [childSpan(args.span, running.get(args.span.traceId))];
  if (op === 'startTrace') {
    running.set(args.trace.traceId, args.trace);
    return [];
  }
  const trace = running.get(args.traceId);
  running.delete(args.traceId);
  return [rootSpan(trace, args.result)];
}

function rootSpan(trace, result) {
  return {
    id: rootId(trace),
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

/** `trace` says the user and session; the few spans that come after its end go without. */
export function childSpan(span, trace) {
  return {
    id: span.spanId,
    traceId: span.traceId,
    parentSpanId: span.parentSpanId ?? rootId(span),
    name: span.name,
    type: TYPES[span.kind] ?? 'generic',
    isEvent: false,
    isRootSpan: false,
    startTime: span.startedAt,
    endTime: new Date(span.startedAt.getTime() + span.durationMs),
    input: span.input,
    output: span.output,
    attributes: span.genAiAttributes,
    metadata: { ...span.metadata, ...(trace && who(trace)) },
    errorInfo: span.error === undefined ? undefined : { message: span.error },
  };
}

function rootId({ traceId }) {
  return `root-${traceId}`;
}

function who({ userId, sessionId }) {
  return { userId: String(userId), ...(sessionId ? { sessionId } : {}) };
}
