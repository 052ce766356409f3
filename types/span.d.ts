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
  metadata?: Record<string, any>;
  /** As it was given: the span has no end, and isn't running. */
  isEvent?: boolean;
  /**
   * Of a span that has a start and no end. `running`: `status` is what was told so far, else `ok`, and `durationMs` is the
   * time up to the last word about it. `aborted`: the process that wrote the last word to it is gone, `status` is `error`
   * and `error` says so, unless it was given one; a later word of a living process makes it `running` again. Derived when it
   * is read, and ignored when a span that was read is written.
   */
  state?: 'running' | 'aborted';
}

/** A span as it is recorded. */
export interface SpanInput extends Omit<Span, 'schemaVersion' | 'error' | 'state'> {
  /** May be left out; any version but 1 is refused. */
  schemaVersion?: 1;
  /** An `Error` is recorded as its stack with its causes. */
  error?: string | Error;
}

/** What is known of a span when it starts. */
export interface SpanStartInput extends Omit<SpanInput, 'status' | 'startedAt' | 'durationMs'> {
  /** Default: now. */
  startedAt?: Date;
}

/**
 * What a later word changes of a span: absent fields stay, `null` clears, `metadata` and `genAiAttributes` merge at their
 * top level.
 */
export interface SpanChanges {
  parentSpanId?: string | null;
  kind?: SpanKind;
  name?: string;
  input?: any;
  output?: any;
  status?: SpanStatus;
  /** An `Error` is recorded as its stack with its causes. */
  error?: string | Error | null;
  startedAt?: Date;
  /** Milliseconds, not negative. */
  durationMs?: number;
  genAiAttributes?: Span['genAiAttributes'] | null;
  toolType?: Span['toolType'] | null;
  metadata?: Record<string, any> | null;
}

/** What is known of a span when it ends; what its start told need not be told again. */
export interface SpanEndInput extends SpanChanges {
  /** Default: what was told before, else `'error'` if this gives an `error`, else `'ok'`. */
  status?: SpanStatus;
  /** Default: that of an earlier end, else now. */
  endedAt?: Date;
  /** Milliseconds, not negative. Default: `endedAt` minus `startedAt`. */
  durationMs?: number;
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
