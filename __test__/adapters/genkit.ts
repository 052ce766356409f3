/** Genkit's `POST /api/traces`: bodies to spans, and spans back to what they were. */
import type { ExactSpanInput, Span, SpanKind } from 'tracestore';
import type { Json } from './capture.js';

const KINDS: Readonly<Record<string, SpanKind>> = { model: 'llm', tool: 'tool', flow: 'agent' };

export function spansOf(body: Json): ExactSpanInput[] {
  return Object.values<Json>(body.spans).map(toSpan);
}

function toSpan({
  spanId,
  traceId,
  parentSpanId,
  displayName,
  startTime,
  endTime,
  ...rest
}: Json): ExactSpanInput {
  const { attributes, timeEvents, instrumentationLibrary, status, ...others } = rest;
  const exception = timeEvents.timeEvent[0]?.annotation.attributes;
  return {
    spanId,
    traceId,
    ...(parentSpanId && { parentSpanId }),
    kind: KINDS[attributes['genkit:metadata:subtype']] ?? 'custom',
    type: attributes['genkit:type'],
    name: displayName,
    status: status.code === 2 ? 'error' : 'ok',
    ...(exception && {
      errorInfo: {
        type: exception['exception.type'],
        message: exception['exception.message'],
        stack: exception['exception.stacktrace'],
      },
    }),
    startedAtNs: nanos(startTime),
    endedAtNs: nanos(endTime),
    attributes,
    scope: instrumentationLibrary,
    events: timeEvents.timeEvent.map(({ time, annotation }: Json) => ({
      name: annotation.description,
      timeNs: nanos(time),
      attributes: annotation.attributes,
    })),
    genkit: { ...others, status },
  } as ExactSpanInput;
}

/** The span as Genkit posted it. */
export function asPosted(span: Span): Json {
  const startTime = millis(span.startedAtNs, span.startedAt);
  return {
    ...(span as Json).genkit,
    spanId: span.spanId,
    traceId: span.traceId,
    ...(span.parentSpanId && { parentSpanId: span.parentSpanId }),
    displayName: span.name,
    startTime,
    endTime: span.endedAtNs === undefined ? startTime + span.durationMs : Number(span.endedAtNs) / 1e6,
    attributes: span.attributes,
    instrumentationLibrary: span.scope,
    timeEvents: {
      timeEvent: (span.events ?? []).map(({ name, time, timeNs, attributes }) => ({
        time: millis(timeNs, time),
        annotation: { attributes, description: name },
      })),
    },
  };
}

function nanos(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}

function millis(exactly: string | undefined, date: Date): number {
  return exactly === undefined ? date.getTime() : Number(exactly) / 1e6;
}
