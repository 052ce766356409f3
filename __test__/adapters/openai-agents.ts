/** A `TracingProcessor` of the OpenAI Agents SDK: spans start and end. */
import type { Span, SpanKind, TenantTraceStore } from 'tracestore';
import type { Json } from './capture.js';

const KINDS: Readonly<Record<string, SpanKind>> = {
  generation: 'llm',
  response: 'llm',
  function: 'tool',
  agent: 'agent',
  guardrail: 'grounding',
};

export async function play(store: TenantTraceStore, { cb, view }: Json): Promise<void> {
  if (cb === 'onSpanStart') await store.startSpan(toSpan(view));
  if (cb === 'onSpanEnd') await store.endSpan(view.traceId, view.spanId, toEnd(view));
}

function toSpan({ traceId, spanId, parentId, startedAt, spanData, traceMetadata }: Json) {
  return {
    traceId,
    spanId,
    ...(parentId && { parentSpanId: parentId }),
    kind: KINDS[spanData.type] ?? 'custom',
    type: spanData.type,
    name: spanData.name ?? spanData.type,
    startedAt: new Date(startedAt),
    attributes: spanData,
    metadata: traceMetadata,
  };
}

function toEnd({ endedAt, error, spanData }: Json) {
  return {
    endedAt: new Date(endedAt),
    attributes: spanData,
    ...(error && { status: 'error' as const, errorInfo: error }),
  };
}

/** The live fields of the span as they were seen last. */
export function asView(span: Span): Json {
  return {
    type: 'trace.span',
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: span.parentSpanId ?? null,
    startedAt: span.startedAt.toISOString(),
    endedAt: new Date(span.startedAt.getTime() + span.durationMs).toISOString(),
    error: span.errorInfo === undefined ? null : without(span.errorInfo, 'type'),
    traceMetadata: span.metadata,
    spanData: span.attributes,
  };
}

function without(object: object, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
