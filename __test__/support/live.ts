/** A span that was begun, and the one span of a trace as it is read. */
import { expect } from 'vitest';
import type { Span, SpanStartInput, SqliteTraceStore } from 'tracestore';
import { span, without } from '../support.js';

export const IDS = ['t1', 's1'] as const;

export function begun(fields: Partial<SpanStartInput> = {}): SpanStartInput {
  const start = without(without(span(), 'status'), 'durationMs');
  return { ...(start as unknown as SpanStartInput), ...fields };
}

/** The one span, which there must be. */
export async function readSpan(store: SqliteTraceStore): Promise<Span> {
  const spans = await store.getSpans('t1');
  expect(spans).toHaveLength(1);
  return spans[0] as Span;
}
