/** Spans that can be told whole from torn: every field follows from the number. Shared by specs and children. */
import { createHash } from 'node:crypto';

/** The same in all spans, and long enough to cross as a reference. */
const NOTE = 'done as asked; '.repeat(8);

const T0 = Date.parse('2026-01-02T03:04:05.678Z');

/** The n-th span of a trace, with that many bytes of text that no compression makes small. */
export function numberedSpan(n, { traceId = 't1', bytes = 64 } = {}) {
  return {
    spanId: `${traceId}-${n}`,
    traceId,
    kind: 'tool',
    name: `step ${n}`,
    status: 'ok',
    startedAt: new Date(T0 + n),
    durationMs: n,
    input: { n, text: text(`${traceId} ${n}`, bytes) },
    output: { n, note: NOTE },
  };
}

/** Spans 0 to count - 1 as they are read back. */
export function numberedSpans(count, options) {
  return Array.from({ length: count }, (_, n) => ({ schemaVersion: 1, ...numberedSpan(n, options) }));
}

/** A trace as `startTrace` takes it. */
export function minimalTrace(traceId) {
  return {
    traceId,
    agentName: 'planner',
    agentVersion: '1.2.3',
    input: { prompt: 'hello', parameters: {} },
    userId: 7,
    auditingId: 70,
    startedAt: new Date(T0),
  };
}

function text(seed, bytes) {
  return createHash('shake256', { outputLength: Math.ceil(bytes / 2) })
    .update(seed)
    .digest('hex');
}
