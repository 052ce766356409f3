/** Typed steps: what a span says of an agent's reasoning. */

import type { SpanLink } from './span.js';
import type { WriteOptions } from './write.js';

/** The words of {@link Step}'s `type`. */
export type StepType = Step['type'];

/** One step of reasoning. Keys that are not named here are kept and returned. `confidence` is a number from 0 to 1. */
export type Step =
  | { type: 'thought'; content: string; confidence?: number }
  | { type: 'action'; name: string; input?: any }
  | { type: 'observation'; content: string }
  /** `durationMs` in milliseconds, not negative. */
  | { type: 'tool_call'; toolName: string; arguments: any; result?: any; durationMs?: number }
  | { type: 'message'; role: string; content: string }
  | {
      type: 'decision';
      question: string;
      options: any[];
      chosen: any;
      reasoning?: string;
      confidence?: number;
    }
  /** `resultsCount` is a whole number, not negative. */
  | { type: 'query'; queryType: string; query: string; resultsCount?: number }
  | { type: 'error'; errorType: string; message: string; recoverable: boolean }
  | { type: 'custom'; name: string; data: any };

/** What `addStep` may be told of the span that carries the step. */
export interface StepFields {
  /** Default: a UUID of version 7. A known one is rewritten, as by `addSpan`. */
  spanId?: string;
  parentSpanId?: string;
  /** Default: now. */
  startedAt?: Date;
  /** Milliseconds, not negative. Default: that of a tool call's step, else 0. */
  durationMs?: number;
  tags?: string[];
  links?: SpanLink[];
  metadata?: Record<string, any>;
}

/** The last argument of `addStep`; other keys are refused. */
export interface StepOptions extends StepFields, WriteOptions {}

/** A step in a batch; other keys are refused. */
export interface StepInput extends StepFields {
  traceId: string;
  step: Step;
}
