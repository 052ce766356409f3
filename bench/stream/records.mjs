// What a framework tells of its spans while they run, made from the real conversations: records `{ what: 'start' | 'update' | 'end', at, span }` in the order of time.
import { rootId, who } from '../peers/mastra-spans.mjs';

/** What is known of a model's call when it ends. */
const KNOWN_AT_END = /^gen_ai\.(usage|response)\./;

/**
 * Every record carries the span as it is known by then, as Mastra's tracer tells it: the input comes again each time, the same object.
 * A trace is a span with one update; a model's call has two, in which its output and attributes grow; the others start and end.
 */
export function recordsOf(calls) {
  const traces = new Map();
  const records = calls.flatMap(({ op, args }) => {
    if (op === 'addSpan') return spanRecords(args.span, traces.get(args.span.traceId));
    if (op === 'endTrace') return [rootEnd(traces.get(args.traceId), args.result)];
    traces.set(args.trace.traceId, args.trace);
    return rootStart(args.trace);
  });
  return records.toSorted((a, b) => a.at - b.at);
}

/** The last that was told of each span, by trace. */
export function lastRecords(records) {
  const last = new Map();
  for (const { span } of records) {
    if (!last.has(span.traceId)) last.set(span.traceId, new Map());
    last.get(span.traceId).set(span.spanId, span);
  }
  return last;
}

function rootStart(trace) {
  const span = root(trace);
  const at = trace.startedAt.getTime();
  const update = { ...span, attributes: rootAttributes(trace) };
  return [
    { what: 'start', at, span },
    { what: 'update', at, span: update },
  ];
}

function rootEnd(trace, { output, completedAt, status, tokens, cost }) {
  const attributes = { ...rootAttributes(trace), tokens, cost };
  const span = { ...root(trace), attributes, output, endedAt: completedAt };
  return {
    what: 'end',
    at: completedAt.getTime(),
    span: status === 'failed' ? { ...span, error: 'failed' } : span,
  };
}

function root(trace) {
  const { traceId, agentName, startedAt, input, agentVersion, tags, metadata } = trace;
  return {
    traceId,
    spanId: rootId(trace),
    kind: 'agent',
    name: agentName,
    startedAt,
    input,
    attributes: { agentVersion },
    metadata: { ...metadata, ...who(trace) },
    tags,
  };
}

function rootAttributes({ agentVersion, configSnapshotId }) {
  return { agentVersion, configSnapshotId };
}

/** `trace` says the user and session; the few spans of traces that are not begun go without. */
function spanRecords(span, trace) {
  const first = firstOf(span, trace);
  const { kind, durationMs, genAiAttributes, output, error } = span;
  const at = first.startedAt.getTime();
  const answer = kind === 'llm' ? characters(output) : {};
  const endedAt = new Date(at + durationMs);
  const last = { ...first, attributes: { ...genAiAttributes, ...answer }, output, endedAt };
  const streamed = (share) => ({
    what: 'update',
    at: Math.trunc(at + durationMs * share),
    span: soFar(first, output, share),
  });
  return [
    { what: 'start', at, span: first },
    ...(kind === 'llm' ? [streamed(1 / 3), streamed(2 / 3)] : []),
    { what: 'end', at: endedAt.getTime(), span: error === undefined ? last : { ...last, error } },
  ];
}

function firstOf(span, trace) {
  const { traceId, spanId, kind, name, startedAt, input, genAiAttributes = {} } = span;
  const known = Object.entries(genAiAttributes).filter(([key]) => !KNOWN_AT_END.test(key));
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanId ?? rootId(span),
    kind,
    name,
    startedAt,
    input,
    attributes: Object.fromEntries(known),
    metadata: { ...span.metadata, ...(trace && who(trace)) },
  };
}

/** A model's answer on its way: that share of its text, and no call of a tool yet. */
function soFar(first, { content, ...rest }, share) {
  const arrived = content && content.slice(0, Math.ceil(content.length * share));
  const output = { ...rest, content: arrived, toolCalls: [] };
  return { ...first, attributes: { ...first.attributes, ...characters(output) }, output };
}

function characters({ content }) {
  return { 'stream.characters': content?.length ?? 0 };
}
