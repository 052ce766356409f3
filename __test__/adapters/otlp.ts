/** OTLP/HTTP JSON as an exporter posts it: requests to spans, and spans back to what they were. */
import type { ExactSpanInput, Span, SpanEvent, SpanKind, SpanLink } from 'tracestore';
import type { Json } from './capture.js';

type Attribute = { key: string; value: Json };

/** The spans of a request. */
export function spansOf({ resourceSpans }: Json): ExactSpanInput[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }: Json) =>
    scopeSpans.flatMap(({ scope, spans }: Json) => spans.map((span: Json) => toSpan(span, resource, scope))),
  );
}

function toSpan(given: Json, resource: Json, scope: Json): ExactSpanInput {
  const { traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano } = given;
  const { attributes, events, links, status, ...rest } = given;
  const { genAi, others } = split(valuesOf(attributes));
  const failure = events?.find((event: Json) => event.name === 'exception');
  return {
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    kind: kindOf(genAi),
    name,
    status: status?.code === 2 ? 'error' : 'ok',
    ...(status?.message && { error: status.message }),
    ...(failure && { errorInfo: errorOf(valuesOf(failure.attributes)) }),
    startedAtNs: startTimeUnixNano,
    endedAtNs: endTimeUnixNano,
    genAiAttributes: genAi,
    attributes: others,
    resource: decoded(resource),
    ...(scope && { scope: decoded(scope) }),
    events: (events ?? []).map(toEvent),
    ...(links && { links: links.map(toLink) }),
    // What has no name of its own here is a key of the caller's.
    otlp: { ...rest, status, links: (links ?? []).map(withoutNames) },
  } as ExactSpanInput;
}

/** The span as the exporter had it, values decoded. */
export function asExported(span: Span): Json {
  const { genAiAttributes, attributes, events = [], links = [], resource, scope } = span;
  const { otlp } = span as Json;
  const started = span.startedAtNs ?? String(span.startedAt.getTime() * 1e6);
  return {
    ...otlp,
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId && { parentSpanId: span.parentSpanId }),
    name: span.name,
    startTimeUnixNano: started,
    endTimeUnixNano: span.endedAtNs ?? String(BigInt(started) + BigInt(Math.round(span.durationMs * 1e6))),
    attributes: { ...genAiAttributes, ...attributes },
    events: events.map(fromEvent),
    links: links.map((link, n) => fromLink(link, otlp.links[n])),
    resource,
    scope,
  };
}

/** A request's span as `asExported` has it. */
export function exported({ resourceSpans }: Json): Json[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }: Json) =>
    scopeSpans.flatMap(({ scope, spans }: Json) => spans.map((span: Json) => whole(span, resource, scope))),
  );
}

function whole(span: Json, resource: Json, scope: Json): Json {
  const events = (span.events ?? []).map(decoded);
  return {
    ...decoded(span),
    events: events.toSorted(
      (one: Json, other: Json) => Number(one.timeUnixNano) - Number(other.timeUnixNano),
    ),
    links: (span.links ?? []).map(decoded),
    resource: decoded(resource),
    scope: scope && decoded(scope),
  };
}

function toEvent({ timeUnixNano, ...event }: Json): Json {
  return { ...decoded(event), timeNs: timeUnixNano };
}

function fromEvent({ time, timeNs, ...event }: SpanEvent): Json {
  return { ...event, timeUnixNano: timeNs ?? String(BigInt(time.getTime()) * 1_000_000n) };
}

function toLink({ traceId, spanId, attributes }: Json): SpanLink {
  return { to: { traceId, spanId }, attributes: valuesOf(attributes) };
}

/** What a link has no place for here. */
function withoutNames({ traceId: _trace, spanId: _span, attributes: _attributes, ...rest }: Json): Json {
  return rest;
}

function fromLink({ to, attributes }: SpanLink, rest: Json): Json {
  return { ...rest, ...to, attributes };
}

/** With its attributes as plain values. */
function decoded(item: Json): Json {
  return { ...item, attributes: valuesOf(item.attributes) };
}

function valuesOf(attributes: Attribute[] = []): Json {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

/** Whole numbers may come as text: 64 bits have no room in JSON's numbers. */
function valueOf(value: Json): unknown {
  if ('intValue' in value) return Number(value.intValue);
  if ('arrayValue' in value) return (value.arrayValue.values ?? []).map(valueOf);
  if ('kvlistValue' in value) return valuesOf(value.kvlistValue.values);
  return Object.values(value)[0] ?? null;
}

function split(attributes: Json): { genAi: Json; others: Json } {
  const entries = Object.entries(attributes);
  const isGenAi = ([key]: [string, unknown]) => key.startsWith('gen_ai.');
  return {
    genAi: Object.fromEntries(entries.filter(isGenAi)),
    others: Object.fromEntries(entries.filter((entry) => !isGenAi(entry))),
  };
}

const KINDS: Readonly<Record<string, SpanKind>> = {
  chat: 'llm',
  execute_tool: 'tool',
  invoke_agent: 'agent',
};

function kindOf(genAi: Json): SpanKind {
  return KINDS[genAi['gen_ai.operation.name']] ?? 'custom';
}

function errorOf(exception: Json): Json {
  return {
    type: exception['exception.type'],
    message: exception['exception.message'],
    stack: exception['exception.stacktrace'],
  };
}
