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
}

/** A span as it is recorded. */
export interface SpanInput extends Omit<Span, 'schemaVersion' | 'error'> {
  /** May be left out; any version but 1 is refused. */
  schemaVersion?: 1;
  /** An `Error` is recorded as its stack with its causes. */
  error?: string | Error;
}
