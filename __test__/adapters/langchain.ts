/** The hooks of LangChain's `BaseTracer`: a run starts, and ends with all that is known of it. */
import type { Span, SpanKind, TenantTraceStore } from 'tracestore';
import { without, type Json } from './capture.js';

const KINDS: Readonly<Record<string, SpanKind>> = { llm: 'llm', tool: 'tool', retriever: 'retrieval' };

export function play(store: TenantTraceStore, { hook, run }: Json): Promise<unknown> {
  const { id, trace_id: traceId, end_time: endTime, outputs, error, events, ...rest } = run;
  if (hook === 'onRunCreate') return store.startSpan(toStart(run));
  return store.endSpan(traceId, id, {
    endedAt: new Date(endTime),
    ...(outputs !== undefined && { output: outputs }),
    ...(error !== undefined && { status: 'error', error }),
    events: eventsOf(events),
    langchain: others(rest),
  } as object);
}

function toStart(run: Json) {
  const {
    id,
    trace_id: traceId,
    parent_run_id: parent,
    run_type: type,
    name,
    start_time,
    events,
    ...rest
  } = run;
  return {
    traceId,
    spanId: id,
    ...(parent && { parentSpanId: parent }),
    kind: KINDS[type] ?? 'custom',
    type,
    name,
    startedAt: new Date(start_time),
    input: rest.inputs,
    metadata: rest.extra.metadata,
    events: eventsOf(events),
    langchain: others(rest),
  };
}

function eventsOf(events: Json[]): Json[] {
  return events.map(({ time, ...event }) => ({ ...event, time: new Date(time) }));
}

/** What has no name of its own here. */
function others({ extra, ...rest }: Json): Json {
  return { ...without(rest, ['inputs']), extra: without(extra, ['metadata']) };
}

/** The run as it was seen last. */
export function asRun(span: Span): Json {
  const { extra, ...rest } = (span as Json).langchain;
  return {
    ...rest,
    id: span.spanId,
    trace_id: span.traceId,
    ...(span.parentSpanId && { parent_run_id: span.parentSpanId }),
    run_type: span.type,
    name: span.name,
    start_time: span.startedAt.getTime(),
    end_time: span.startedAt.getTime() + span.durationMs,
    inputs: span.input,
    outputs: span.output,
    error: span.error,
    events: span.events?.map(({ time, ...event }) => ({ ...event, time: time.toISOString() })),
    extra: { ...extra, metadata: span.metadata },
  };
}
