/** The interface that agent frameworks code against. */

import type { ConfigSnapshot } from './config-snapshot.js';
import type { SessionFilter, SessionPage, TraceFilter, TracePage } from './list.js';
import type { Session } from './session.js';
import type { Span, SpanInput } from './span.js';
import type { Trace, TraceEndInput, TraceInput } from './trace.js';

/**
 * Persists agent traces, spans, sessions and configuration snapshots.
 *
 * Every method returns a promise and reports every failure by rejecting it with a {@link TraceStoreError}; none
 * throws synchronously. A write encodes its document before it returns, so later changes to the object are not
 * seen. Its promise settles when the write is committed, or has failed. A write that nobody awaits may fail
 * without an `unhandledRejection`.
 */
export interface TraceStore {
  /**
   * Creates a trace in status `running`.
   *
   * `startedAt` defaults to now; the store's `defaultTags` are appended to `tags` where they are missing.
   * A trace that is known by its spans, or by other calls, is completed: what is given here counts, what else was told of
   * it stays, an end by {@link endTrace} too.
   *
   * @throws `ALREADY_EXISTS` if it was started before; the first trace stays as it is.
   * @throws `INVALID_ARGUMENT` for a bad document, and for `completedAt`, `durationMs` or a `status` other than
   *   `running`, which belong to {@link endTrace}.
   */
  startTrace(trace: TraceInput): Promise<void>;

  /**
   * Finalizes a trace with output, status, timing and token counts.
   *
   * Calling it again is allowed: fields given replace the earlier ones, `null` clears a field, absent fields stay.
   * `scores` and `metadata` merge at their top level, `tags` unite with those present.
   *
   * @throws `NOT_FOUND` if nothing of the trace has arrived.
   */
  endTrace(traceId: string, result: TraceEndInput): Promise<void>;

  /**
   * Records one sub-operation: an LLM call, a tool call, a retrieval.
   *
   * The trace need not exist yet: its first span makes it. The same `(traceId, spanId)` again rewrites that span.
   */
  addSpan(span: SpanInput): Promise<void>;

  /**
   * Stamps API-level input and output onto an existing trace. A field that is absent stays, `null` clears it.
   *
   * @throws `NOT_FOUND` if nothing of the trace has arrived.
   */
  setApiIO(traceId: string, io: { apiInput?: any; apiOutput?: any }): Promise<void>;

  /**
   * Creates or updates a session: fields given replace the earlier ones, `metadata` merges at its top level, absent
   * fields stay. The earliest `createdAt` and the latest `updatedAt` ever given are kept. The first one of a session
   * that followed its traces replaces all that these told.
   */
  upsertSession(session: Session): Promise<void>;

  /** Stores a config snapshot. If the `snapshotId` is known this is a no-op, whatever valid snapshot is given. */
  ensureConfigSnapshot(snapshot: ConfigSnapshot): Promise<void>;

  /** Reads a config snapshot, or `null`. */
  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null>;

  /** Reads a trace, or `null`. */
  getTrace(traceId: string): Promise<Trace | null>;

  /** Lists traces, `startedAt` descending; on equal `startedAt` the one written later comes first. */
  listTraces(filter: TraceFilter): Promise<TracePage>;

  /**
   * Reads all spans of a trace by `startedAt`; of those that began in the same millisecond a parent comes
   * before its children, and all else in the order of writing.
   */
  getSpans(traceId: string): Promise<Span[]>;

  /**
   * Reads a session, or `null` if it was never upserted and no trace names it. `traceCount` is the larger of the value
   * last given and the number of traces recorded with this `sessionId`.
   */
  getSession(sessionId: string): Promise<Session | null>;

  /**
   * Lists sessions, `updatedAt` descending; on equal `updatedAt` the one written later comes first, a session that
   * follows its traces in the place of the first of them. A session that is updated between two pages moves to the front,
   * so that the later pages skip it.
   */
  listSessions(filter: SessionFilter): Promise<SessionPage>;

  /**
   * Adds or updates evaluation scores; scores not named stay.
   *
   * @throws `NOT_FOUND` if nothing of the trace has arrived.
   */
  setTraceScores(traceId: string, scores: Record<string, number>): Promise<void>;

  /**
   * Replaces the tags of a trace.
   *
   * @throws `NOT_FOUND` if nothing of the trace has arrived.
   */
  setTraceTags(traceId: string, tags: string[]): Promise<void>;
}

/** What every trace store can be told. */
export interface TraceStoreConfig {
  /**
   * `true`: prompts, responses and payloads are stored (development, evaluation).
   * `false`: only metadata such as lengths and numbers of keys is stored (production audit).
   */
  captureContent: boolean;
  /** Tags added to every new trace. */
  defaultTags?: string[];
}
