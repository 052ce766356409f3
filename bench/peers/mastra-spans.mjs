// The calls of a store as the spans that Mastra's tracer would hand on.

/** Mastra's types of spans by our kinds; any other is `generic`. */
export const TYPES = { llm: 'model_generation', tool: 'tool_call', agent: 'agent_run' };

/** What Mastra's tracer hands to its exporters at this call: spans that have ended, of which the trace itself is the last. */
export function exported({ op, args }, running) {
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

export function rootId({ traceId }) {
  return `root-${traceId}`;
}

export function who({ userId, sessionId }) {
  return { userId: String(userId), ...(sessionId ? { sessionId } : {}) };
}
