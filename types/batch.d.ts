/** Several documents as one write. */

import type { AnnotationInput } from './annotation.js';
import type { ConfigSnapshot } from './config-snapshot.js';
import type { LinkInput } from './link.js';
import type { ScoreInput } from './score.js';
import type { Session } from './session.js';
import type { SpanInput } from './span.js';
import type { StepInput } from './step.js';
import type { TraceInput } from './trace.js';
import type { SaidReceipt, SpanReceipt, WriteReceipt } from './write.js';

/** Documents that are written in one transaction, in this order, each as by its own method. */
export interface BatchInput {
  sessions?: Session[];
  configSnapshots?: ConfigSnapshot[];
  traces?: TraceInput[];
  spans?: SpanInput[];
  steps?: StepInput[];
  scores?: ScoreInput[];
  annotations?: AnnotationInput[];
  links?: LinkInput[];
}

/** What came of each, in the order given. */
export interface BatchReceipt {
  sessions: Array<{ sessionId: string } & WriteReceipt>;
  configSnapshots: Array<{ snapshotId: string } & WriteReceipt>;
  traces: Array<{ traceId: string } & WriteReceipt>;
  spans: Array<{ traceId: string; spanId: string } & WriteReceipt>;
  steps: SpanReceipt[];
  scores: SaidReceipt[];
  annotations: SaidReceipt[];
  links: WriteReceipt[];
}
