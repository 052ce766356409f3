/** Spans: the sub-operations of a trace. */

/** Whether the operation of a span succeeded. */
export type SpanStatus = 'ok' | 'error';

/**
 * What a span records: an LLM call, a knowledge-base search, a tool execution, a child agent, a grounding
 * decision, a call of an external API, or anything else.
 */
export type SpanKind = 'llm' | 'retrieval' | 'tool' | 'agent' | 'grounding' | 'api' | 'custom';

/** One sub-operation of a trace, as read back. Identified by `(traceId, spanId)`. */
export interface Span {
  schemaVersion: 1;
  spanId: string;
  traceId: string;
  parentSpanId?: string;
  kind: SpanKind;
  name: string;
  input?: any;
  output?: any;
  status: SpanStatus;
  error?: string;
  /** Between the years 1678 and 2262, with milliseconds. */
  startedAt: Date;
  /** Milliseconds, not negative. */
  durationMs: number;
  /** Attributes of the OpenTelemetry conventions for generative AI, and any others. */
  genAiAttributes?: {
    'gen_ai.operation.name'?: string;
    'gen_ai.request.model'?: string;
    'gen_ai.response.model'?: string;
    'gen_ai.usage.input_tokens'?: number;
    'gen_ai.usage.output_tokens'?: number;
    'gen_ai.request.temperature'?: number;
    'gen_ai.request.max_tokens'?: number;
    'gen_ai.response.finish_reasons'?: string[];
    'gen_ai.system_instructions'?: string;
    [key: string]: any;
  };
  toolType?: 'framework' | 'mcp' | 'dynamic';
  /** Given with the span or later; those of the trace are its own. */
  tags?: string[];
  metadata?: Record<string, any>;
}

/** A span as it is recorded. */
export interface SpanInput extends Omit<Span, 'schemaVersion' | 'error'> {
  /** May be left out; any version but 1 is refused. */
  schemaVersion?: 1;
  /** An `Error` is recorded as its stack with its causes. */
  error?: string | Error;
}

/** Which part of a trace's spans to read. */
export interface SpanPageOptions {
  /** Integer from 1 to 1,000,000. Default: as many as there is room for. */
  limit?: number;
  /** `nextCursor` of the page before, of the same trace. */
  cursor?: string;
  /**
   * Bytes of memory that the page may take, about: it ends early, before the span that passes them, but has one at least.
   * It also ends before it takes more than JavaScript's heap has left.
   */
  maxBytes?: number;
}

/** A part of a trace's spans. */
export interface SpanPage {
  spans: Span[];
  /** Whether another page follows. */
  hasMore: boolean;
  /**
   * Given when another page follows: where it begins. All pages together show the spans that the trace had when the first
   * was read, each once; one that was rewritten meanwhile to begin at another time may be shown again.
   */
  nextCursor?: string;
}
