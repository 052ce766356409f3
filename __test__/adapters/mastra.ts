/** Mastra's observability storage: spans are made, and changed by updates until they end. */
import type { SpanKind, TenantTraceStore } from 'tracestore';
import { without, type Json } from './capture.js';

const KINDS: Readonly<Record<string, SpanKind>> = {
  model_generation: 'llm',
  model_inference: 'llm',
  tool_call: 'tool',
  agent_run: 'agent',
};

export async function play(store: TenantTraceStore, { call, args }: Json): Promise<void> {
  const records: Json[] = args[0].records ?? [];
  if (call === 'batchCreateSpans') await Promise.all(records.map((record) => create(store, record)));
  if (call === 'batchUpdateSpans') await Promise.all(records.map((record) => update(store, record)));
}

function create(store: TenantTraceStore, record: Json): Promise<unknown> {
  const { endedAt, ...start } = toSpan(record);
  if (record.endedAt === null && !record.isEvent) return store.startSpan(start);
  const durationMs = endedAt === undefined ? 0 : endedAt.getTime() - start.startedAt.getTime();
  return store.addSpan({ ...start, status: start.error === undefined ? 'ok' : 'error', durationMs });
}

function update(store: TenantTraceStore, { traceId, spanId, updates }: Json): Promise<unknown> {
  const { endedAt, ...changes } = changesOf(updates);
  return endedAt === undefined
    ? store.updateSpan(traceId, spanId, changes)
    : store.endSpan(traceId, spanId, { ...changes, endedAt });
}

/** Fields under names of their own; the others are kept as they are under a key of the caller's. */
function toSpan({ traceId, spanId, parentSpanId, spanType, isEvent, userId, ...record }: Json) {
  const { name, input, output, error, attributes, metadata, tags, startedAt, endedAt, ...mastra } = record;
  return {
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    kind: KINDS[spanType] ?? ('custom' as const),
    type: spanType,
    endUserId: userId,
    isEvent,
    startedAt,
    ...changesOf({ name, input, output, error, attributes, metadata, endedAt }),
    mastra: { ...mastra, tags },
  };
}

function changesOf({ error, endedAt, ...given }: Json): Json {
  return {
    ...without(given, ['scope', 'links', 'startedAt']),
    ...(error !== undefined && { errorInfo: error }),
    ...(endedAt && { endedAt }),
  };
}

/** The span's record as Mastra has it in the end; what is `null` there is absent. */
export function asRecord(span: Json): Json {
  return {
    ...span.mastra,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    spanType: span.type,
    name: span.name,
    userId: span.endUserId,
    isEvent: span.isEvent,
    input: span.input,
    output: span.output,
    error: asError(span.errorInfo),
    attributes: span.attributes,
    metadata: span.metadata,
    startedAt: span.startedAt,
    ...(span.state === undefined &&
      !span.isEvent && { endedAt: new Date(span.startedAt.getTime() + span.durationMs) }),
  };
}

/** What the store adds to an error, the kind of it, isn't Mastra's. */
function asError(info?: Json): Json {
  return info && without(info, ['type']);
}
