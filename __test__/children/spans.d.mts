/** Types of spans.mjs, which children run without a compiler. */
import type { Span, SpanInput, TraceInput } from 'tracestore';

export interface SpanOptions {
  traceId?: string;
  bytes?: number;
}

export function numberedSpan(n: number, options?: SpanOptions): SpanInput;
export function numberedSpans(count: number, options?: SpanOptions): Span[];
export function minimalTrace(traceId: string): TraceInput;
