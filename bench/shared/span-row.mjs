// A span as the values of a row per span, in the order in which both hand-written peers keep them.
export function spanRow(span) {
  return [
    span.traceId,
    span.spanId,
    span.parentSpanId ?? null,
    span.kind,
    span.name,
    span.status,
    span.error ?? null,
    span.startedAt.getTime(),
    span.durationMs,
    span.toolType ?? null,
    json(span.input),
    json(span.output),
    json(span.genAiAttributes),
    json(span.metadata),
  ];
}

export function json(value) {
  return value === undefined ? null : JSON.stringify(value);
}
