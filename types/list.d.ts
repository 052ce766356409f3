/** Lists: which documents, and one page of them. */

import type { Session } from './session.js';
import type { Trace, TraceStatus } from './trace.js';

/** Which traces to list. Every field combines with every other; an unknown key is refused by name. */
export interface TraceFilter {
  agentName?: string;
  sessionId?: string;
  userId?: number;
  endUserId?: string;
  status?: TraceStatus;
  /** Traces that carry all of these. */
  tags?: string[];
  /** `startedAt` at this instant or later. */
  after?: Date;
  /** `startedAt` before this instant. */
  before?: Date;
  /** Integer from 0 to 1,000; 0 asks for `total` alone, and has no `nextCursor`. Default: 50. */
  limit?: number;
  /** Integer, not negative. Default: 0. Deep offsets get slow; prefer `cursor`. */
  offset?: number;
  /** `nextCursor` of the page before, with the same filter; not together with `offset`. The page may end early, see `maxBytes`. */
  cursor?: string;
  /**
   * Bytes of memory that the page may take, about: it ends early, with `nextCursor`, before the trace that passes them, but
   * has one at least. It also ends before it takes more than JavaScript's heap has left; so does a page with a `cursor`,
   * and only a page without both fails with `TOO_LARGE` then.
   */
  maxBytes?: number;
  /** The default. `false` leaves `total` out of the page, see {@link Uncounted}. */
  total?: true;
}

/** One page of traces. */
export interface TracePage {
  traces: Trace[];
  /** How many traces match the filter, exactly. */
  total: number;
  /** Whether another page follows. */
  hasMore: boolean;
  /**
   * Given when another page follows: where it begins. It stays valid while traces are added; one whose start is corrected
   * meanwhile moves in the list, and may come again or be skipped.
   */
  nextCursor?: string;
}

/** Which sessions to list. Every field combines with every other; an unknown key is refused by name. */
export interface SessionFilter {
  userId?: number;
  endUserId?: string;
  /** Sessions that carry all of these. */
  tags?: string[];
  /** Integer from 0 to 1,000; 0 asks for `total` alone, and has no `nextCursor`. Default: 50. */
  limit?: number;
  /** Integer, not negative. Default: 0. Deep offsets get slow; prefer `cursor`. */
  offset?: number;
  /** `nextCursor` of the page before, with the same filter; not together with `offset`. The page may end early, see `maxBytes`. */
  cursor?: string;
  /** As {@link TraceFilter.maxBytes}. */
  maxBytes?: number;
  /** The default. `false` leaves `total` out of the page, see {@link Uncounted}. */
  total?: true;
}

/** One page of sessions. */
export interface SessionPage {
  sessions: Session[];
  /** How many sessions match the filter, exactly. */
  total: number;
  /** Whether another page follows. */
  hasMore: boolean;
  /**
   * Given when another page follows: where it begins. A session that is updated meanwhile moves to the front of the
   * list, so that pages after this one no longer show it.
   */
  nextCursor?: string;
}

/**
 * A filter whose page carries no `total`. It is worth it with `after` or `before` in a store of a million documents,
 * where the matches are counted one by one; all other totals cost next to nothing.
 */
export type Uncounted<Filter extends TraceFilter | SessionFilter> = Omit<Filter, 'total'> & { total: false };

/** A page of an {@link Uncounted} filter. */
export type UncountedPage<Page extends TracePage | SessionPage> = Omit<Page, 'total'>;
