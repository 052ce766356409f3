/** Info records: what there is to know of a trace or a span without reading what it holds. */

import type { ErrorInfo } from './error-info.js';
import type { Span, SpanKind, SpanStatus } from './span.js';
import type { SpanCall } from './span-call.js';
import type { StepType } from './step.js';
import type { Trace, TraceCost, TraceStatus } from './trace.js';

/** Of an error what names it. */
export type ErrorName = Partial<Pick<ErrorInfo, 'type' | 'code' | 'recoverable'>>;

/** Of a step what names and measures it. */
export interface StepName {
  type?: StepType;
  name?: string;
  role?: string;
  queryType?: string;
  confidence?: number;
  resultsCount?: number;
}

/** A trace without its payload. */
export interface TraceInfo {
  traceId: string;
  sessionId?: string;
  parentTraceId?: string;
  configSnapshotId?: string;
  agentName: string;
  agentVersion: string;
  userId: number;
  auditingId: number;
  status: TraceStatus;
  /** As {@link Trace.state}. */
  state?: 'aborted';
  tags: string[];
  startedAt: Date;
  completedAt?: Date;
  /** Milliseconds. */
  durationMs?: number;
  endUserId?: string;
  model?: string;
  messageId?: string;
  statusReason?: string;
  errorInfo?: ErrorName;
  tokens?: Trace['tokens'];
  cost?: Pick<TraceCost, 'total' | 'currency'>;
  /** Whether it has spans. */
  hasChildren: boolean;
  /** Its spans, and what was said of the trace itself. */
  counts: { spans: number; scores: number; annotations: number; links: number };
  /** When it was first spoken of: by its start, a span, a score. */
  createdAt: Date;
  /** When it was last changed itself. */
  updatedAt: Date;
  /** How often it was changed itself; 0 while only its spans, scores and annotations have arrived. For {@link WriteOptions.ifVersion}. */
  version: number;
}

/**
 * A span without its payload. What lists filter by stands in the place where a span has it: as it was given, or from
 * `genAiAttributes` and the step. Texts of more than 512 bytes are not there.
 */
export interface SpanInfo extends SpanCall {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: SpanKind;
  name: string;
  status: SpanStatus;
  /** As {@link Span.state}. */
  state?: 'running' | 'aborted';
  toolType?: 'framework' | 'mcp' | 'dynamic';
  tags: string[];
  startedAt: Date;
  /** Milliseconds. */
  durationMs: number;
  endUserId?: string;
  messageId?: string;
  type?: string;
  statusReason?: string;
  /** Of its `errorInfo`, or of its step. */
  errorInfo?: ErrorName;
  step?: StepName;
  cost?: Pick<TraceCost, 'total' | 'currency'>;
  /** Whether other spans name it as their parent. */
  hasChildren: boolean;
  /** The spans that name it as their parent, and what was said of the span itself. */
  counts: { children: number; scores: number; annotations: number; links: number };
  /** When it was first and last written. */
  createdAt: Date;
  updatedAt: Date;
  /** How often something was said of it, from 1; for {@link WriteOptions.ifVersion}. */
  version: number;
}
