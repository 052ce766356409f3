/** Spans: the sub-operations of a trace. */

import type { ErrorInfo, ErrorInfoInput } from './error-info.js';
import type { LinkEnd, LinkType } from './link.js';
import type { SpanCall } from './span-call.js';
import type { Step } from './step.js';
import type { TraceCost } from './trace.js';

/** Whether the operation of a span succeeded. */
export type SpanStatus = 'ok' | 'error';

/**
 * What a span records: an LLM call, a knowledge-base search, a tool execution, a child agent, a grounding
 * decision, a call of an external API, or anything else.
 */
export type SpanKind = 'llm' | 'retrieval' | 'tool' | 'agent' | 'grounding' | 'api' | 'custom';

/** One sub-operation of a trace, as read back. Identified by `(traceId, spanId)`. */
export interface Span extends SpanCall {
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
  /** The framework's own word for what it is, such as `model_generation`. */
  type?: string;
  /** What the span says of itself beside {@link genAiAttributes}: any names, any JSON. */
  attributes?: Record<string, any>;
  /** Who recorded it: the service, the host. Equal ones are stored once. */
  resource?: Record<string, any>;
  /** The instrumentation that recorded it. Equal ones are stored once. */
  scope?: SpanScope;
  /** What happened meanwhile, by time to the nanosecond, then in the order of writing; given with the span or added later. */
  events?: SpanEvent[];
  /** What it follows from or belongs to; found from both ends by `getLinks`, too. */
  links?: SpanLink[];
  cost?: TraceCost;
  /** The user it was done for, in the framework's own words; the contract's `userId` is a number. */
  endUserId?: string;
  /** The message of a conversation that it belongs to. */
  messageId?: string;
  /** Why it ended as it did: `aborted`, `cancelled`, `guardrail`, `interrupted`, or any word. */
  statusReason?: string;
  errorInfo?: ErrorInfo;
  /** The step of reasoning that it records. */
  step?: Step;
  /** The start in nanoseconds since the epoch, as decimal text; there if it carries more than milliseconds. */
  startedAtNs?: string;
  /** The end, likewise; also there where it lies before the start. */
  endedAtNs?: string;
  /** The end that was given lies before the start; `durationMs` is 0. */
  clockSkew?: true;
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

/** The instrumentation that recorded a span. */
export interface SpanScope {
  name?: string;
  version?: string;
  attributes?: Record<string, any>;
}

/** Something that happened during a span. */
export interface SpanEvent {
  name: string;
  /** Between the years 1678 and 2262, with milliseconds. */
  time: Date;
  /** The same in nanoseconds since the epoch, as decimal text; there if it carries more than milliseconds. */
  timeNs?: string;
  attributes?: Record<string, any>;
}

/**
 * A link of the span that gives it, as a field: another word on the span's `links`, and `addSpan`, replaces them. Those that
 * `addLinks` made stay. It is found from the moment when it is given, also before the span begins. It has no other keys.
 */
export interface SpanLink {
  to: LinkEnd;
  /** Default: `'correlates_to'`, as OpenTelemetry's, which have none. */
  type?: LinkType;
  /** Content. */
  attributes?: Record<string, any>;
}

/** An event as it is recorded: `timeNs` wins over `time`, and one of them must be there. */
export interface SpanEventInput extends Omit<SpanEvent, 'time' | 'timeNs'> {
  time?: Date;
  timeNs?: bigint | string;
}

/** A span as it is recorded. */
export interface SpanInput extends Omit<
  Span,
  'schemaVersion' | 'error' | 'errorInfo' | 'events' | 'startedAtNs' | 'endedAtNs' | 'clockSkew' | 'state'
> {
  /** May be left out; any version but 1 is refused. */
  schemaVersion?: 1;
  /** Default: the message of `errorInfo`. An `Error` is recorded as its stack with its causes, and fills `errorInfo`. */
  error?: string | Error;
  errorInfo?: ErrorInfoInput;
  events?: SpanEventInput[];
  /** Nanoseconds since the epoch, as a bigint or decimal text; wins over `startedAt`. */
  startedAtNs?: bigint | string;
  /** Likewise; wins over `durationMs`. An end before the start is kept, see {@link Span.clockSkew}. */
  endedAtNs?: bigint | string;
}

/** A span whose times are given in nanoseconds. */
export interface ExactSpanInput extends Omit<
  SpanInput,
  'startedAt' | 'durationMs' | 'startedAtNs' | 'endedAtNs'
> {
  startedAt?: Date;
  durationMs?: number;
  startedAtNs: bigint | string;
  endedAtNs: bigint | string;
}

/** What is known of a span when it starts. */
export interface SpanStartInput extends Omit<SpanInput, 'status' | 'startedAt' | 'durationMs' | 'endedAtNs'> {
  /** Default: now. */
  startedAt?: Date;
}

/** Fields that may be left out, and cleared by `null`. */
type Clearable<Fields> = { [Name in keyof Fields]?: Fields[Name] | null };

/**
 * What a later word changes of a span: absent fields stay, `null` clears, `metadata`, `genAiAttributes` and `attributes`
 * merge at their top level.
 */
export interface SpanChanges extends Clearable<SpanCall> {
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
  /** In the place of those that it has. */
  tags?: string[] | null;
  metadata?: Record<string, any> | null;
  type?: string | null;
  attributes?: Record<string, any> | null;
  resource?: Record<string, any> | null;
  scope?: SpanScope | null;
  events?: SpanEventInput[] | null;
  /** In the place of those that it gave. */
  links?: SpanLink[] | null;
  cost?: TraceCost | null;
  endUserId?: string | null;
  messageId?: string | null;
  statusReason?: string | null;
  errorInfo?: ErrorInfoInput | null;
  step?: Step | null;
  /** Nanoseconds since the epoch, as a bigint or decimal text; wins over `startedAt`. */
  startedAtNs?: bigint | string;
}

/** What is known of a span when it ends; what its start told need not be told again. */
export interface SpanEndInput extends SpanChanges {
  /** Default: what was told before, else `'error'` if this gives an `error`, else `'ok'`. */
  status?: SpanStatus;
  /** Default: that of an earlier end, else now. */
  endedAt?: Date;
  /** Nanoseconds since the epoch, as a bigint or decimal text; wins over `endedAt`. */
  endedAtNs?: bigint | string;
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
