/** Scores: what somebody thinks of a trace or a span. */

/** A score as it is said. */
export interface ScoreInput {
  /** The same id again rewrites that score in its place. Default: a UUID of version 7. */
  id?: string;
  /** Of a trace that need not be there yet. */
  traceId: string;
  /** Of one of its spans, there or not; else the score is the trace's own. */
  spanId?: string;
  name: string;
  value?: number;
  /** A word instead of a number, or beside it. */
  label?: string;
  /** Why: content. */
  reason?: string;
  /** What kind of judge it was: `human`, `llm`, `code`. */
  source?: string;
  /** Who it was. */
  author?: string;
  metadata?: Record<string, any>;
}

/** A score as it is read back. */
export interface Score extends ScoreInput {
  id: string;
  /** When it was said first and last. */
  createdAt: Date;
  updatedAt: Date;
  /** How often it was said. */
  version: number;
}

/** Which scores to list. Every field combines with every other; an unknown key is refused by name. */
export interface ScoreFilter {
  /** Scores of this trace and of its spans. */
  traceId?: string;
  spanId?: string;
  name?: string;
  label?: string;
  source?: string;
  author?: string;
  /** `value` from here on. */
  minValue?: number;
  /** `value` up to here. */
  maxValue?: number;
  /** Integer from 1 to 1,000. Default: 50. */
  limit?: number;
  /** `nextCursor` of the page before, with the same filter. */
  cursor?: string;
  /** As of traces: about so many bytes of memory, and one score at least. */
  maxBytes?: number;
}

/** One page of scores. */
export interface ScorePage {
  scores: Score[];
  /** Whether another page follows. */
  hasMore: boolean;
  /** Given when another page follows: where it begins. */
  nextCursor?: string;
}
