/** The implementation over SQLite. */

/// <reference lib="esnext.disposable" />

import type { Annotation, AnnotationInput } from './annotation.js';
import type { BatchInput, BatchReceipt } from './batch.js';
import type { ConfigSnapshot } from './config-snapshot.js';
import type { StoreInfo } from './info.js';
import type { SpanInfo, TraceInfo } from './info-record.js';
import type { BackupOptions, BackupReport, VerifyOptions, VerifyReport } from './jobs.js';
import type { Link, LinkEnd, LinkInput, LinkOptions } from './link.js';
import type { SessionFilter, SessionPage, TraceFilter, TracePage, Uncounted, UncountedPage } from './list.js';
import type { SqliteTraceStoreOptions } from './options.js';
import type { ScoreFilter, ScoreInput, ScorePage } from './score.js';
import type { Session } from './session.js';
import type { Span, SpanInput, SpanPage, SpanPageOptions } from './span.js';
import type { Trace, TraceEndInput, TraceInput } from './trace.js';
import type { TraceStore } from './trace-store.js';
import type { DeleteReceipt, SaidReceipt, TagChanges, WriteOptions, WriteReceipt } from './write.js';

/**
 * A {@link TraceStore} in one SQLite file, or in memory.
 *
 * The constructor checks its options and touches no file; the file is opened, and made if missing, at the first
 * use. Stores on one file share one writer, within a process and its worker threads; several processes may use
 * one file at a time. An open store that is idle does not keep the process alive.
 */
export declare class SqliteTraceStore implements TraceStore {
  /** @throws `INVALID_ARGUMENT` for an option that is unknown or has a wrong value. */
  constructor(options: SqliteTraceStoreOptions);

  startTrace(trace: TraceInput, options?: WriteOptions): Promise<void>;
  endTrace(traceId: string, result: TraceEndInput, options?: WriteOptions): Promise<void>;
  addSpan(span: SpanInput, options?: WriteOptions): Promise<void>;
  setApiIO(traceId: string, io: { apiInput?: any; apiOutput?: any }, options?: WriteOptions): Promise<void>;
  upsertSession(session: Session, options?: WriteOptions): Promise<void>;
  ensureConfigSnapshot(snapshot: ConfigSnapshot, options?: WriteOptions): Promise<void>;
  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null>;
  getTrace(traceId: string): Promise<Trace | null>;
  /** The filter may be left out. */
  listTraces(filter?: TraceFilter): Promise<TracePage>;
  listTraces(filter: Uncounted<TraceFilter>): Promise<UncountedPage<TracePage>>;
  /** @throws `TOO_LARGE` if they take more memory than JavaScript's heap has left; nothing is read then. */
  getSpans(traceId: string): Promise<Span[]>;
  /**
   * Reads a page of a trace's spans, in the same order.
   *
   * @throws `TOO_LARGE` if the first span alone takes more memory than there is.
   */
  getSpans(traceId: string, options: SpanPageOptions): Promise<SpanPage>;
  getSession(sessionId: string): Promise<Session | null>;
  /** The filter may be left out. */
  listSessions(filter?: SessionFilter): Promise<SessionPage>;
  listSessions(filter: Uncounted<SessionFilter>): Promise<UncountedPage<SessionPage>>;
  setTraceScores(traceId: string, scores: Record<string, number>, options?: WriteOptions): Promise<void>;
  setTraceTags(traceId: string, tags: string[], options?: WriteOptions): Promise<void>;

  /**
   * Adds tags to a trace and takes others away.
   *
   * @throws `NOT_FOUND` if no such trace was started.
   */
  updateTraceTags(traceId: string, changes: TagChanges, options?: WriteOptions): Promise<WriteReceipt>;

  /**
   * Adds tags to a span and takes others away.
   *
   * @throws `NOT_FOUND` if there is no such span.
   */
  updateSpanTags(
    traceId: string,
    spanId: string,
    changes: TagChanges,
    options?: WriteOptions,
  ): Promise<WriteReceipt>;

  /**
   * Says what somebody thinks of a trace or a span, which may come later. The contract's `scores` of a trace are the last
   * values of its own scores by their names; {@link setTraceScores} and {@link endTrace} add to these.
   */
  addScore(score: ScoreInput, options?: WriteOptions): Promise<SaidReceipt>;

  /** Takes a score back: in the trace's `scores` the value before it shows again, or the name goes. */
  deleteScore(id: string, options?: WriteOptions): Promise<DeleteReceipt>;

  /** Lists scores, those said last first. */
  listScores(filter?: ScoreFilter): Promise<ScorePage>;

  /** Attaches a value to a trace or a span, which may come later. */
  addAnnotation(annotation: AnnotationInput, options?: WriteOptions): Promise<SaidReceipt>;

  deleteAnnotation(id: string, options?: WriteOptions): Promise<DeleteReceipt>;

  /** Reads the annotations of a trace and its spans, or of one span, as they were first said. */
  getAnnotations(traceId: string, spanId?: string): Promise<Annotation[]>;

  /** Links things, all or nothing, whether they are there or not. One receipt for each link. */
  addLinks(links: LinkInput[]): Promise<WriteReceipt[]>;

  /** Reads the links of exactly this trace, span or other thing, as they were first given. */
  getLinks(end: LinkEnd, options?: LinkOptions): Promise<Link[]>;

  /**
   * Writes many documents in one transaction, all or nothing. Each is checked before anything is sent; an error names the
   * one that is wrong by its place: `spans[3].startedAt`. All together have at most `maxPayloadBytes`, and are not cut.
   */
  batchCreate(batch: BatchInput): Promise<BatchReceipt>;

  /** Reads a span, or `null`. */
  getSpan(traceId: string, spanId: string): Promise<Span | null>;

  /** Reads the spans of a trace that have no parent, in the order of {@link getSpans}. */
  getRootSpans(traceId: string): Promise<Span[]>;

  /** Reads a started trace without its payload, or `null`. */
  getTraceInfo(traceId: string): Promise<TraceInfo | null>;

  /** Reads a span without its payload, or `null`. */
  getSpanInfo(traceId: string, spanId: string): Promise<SpanInfo | null>;

  /**
   * Resolves when every write called so far through this instance is settled: committed, or failed. A failed
   * write is reported by its own promise and by `onError`, not here.
   *
   * @throws `CLOSED` after {@link close}.
   */
  flush(): Promise<void>;

  /**
   * Flushes, then lets go of the file. If no other store of this process uses it, the file's handles are gone
   * when the promise resolves. May be called again; every other method rejects with `CLOSED` from now on, and so
   * do a backup and a check that are under way.
   *
   * @throws `IO` if the log was deleted from outside and writes that were acknowledged are missing.
   */
  close(): Promise<void>;

  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;

  /** How the store is doing. Opens the file if it is not open yet. */
  info(): Promise<StoreInfo>;

  /**
   * Copies the store into a new file while it is used. The copy is the store as it was at one moment, with every
   * write called so far through this instance and all that others had committed; it is one file, opens as a store,
   * and passes {@link verify}.
   *
   * `path` is resolved against the working directory at the call; its folder must exist. The copy is made beside it,
   * under a name that ends in `.partial`, is flushed to the disk, and gets its own name when it is whole; if the backup
   * fails or is aborted nothing is left (a process that is killed leaves the `.partial` file). Permissions are
   * `fileMode`.
   *
   * Others write and read meanwhile, and the write-ahead log grows by what they write until the copy is done. With
   * `':memory:'` and `locking: 'exclusive'` there is one connection only: other calls wait.
   *
   * {@link close} ends the backup, which rejects with `CLOSED`.
   *
   * @throws `ALREADY_EXISTS` if there is a file at `path`, or a log left of one.
   * @throws `INVALID_ARGUMENT` if `path` is the store's own file, or no name for a database.
   * @throws `IO`, `FULL` if the copy can't be written.
   * @throws `UNSUPPORTED` if the store is switched off (`enabled`).
   */
  backup(path: string, options?: BackupOptions): Promise<BackupReport>;

  /**
   * Checks the whole store as it is at one moment, and changes nothing: the database's pages and indexes; that every
   * document and every text it shares with others is the one that was written; that each such text is counted for
   * those who use it; that lists find documents by their tags. Reads the file several times over and blocks nobody
   * (but see {@link backup} on what has one connection only). {@link close} ends it with `CLOSED`.
   *
   * Damage is in the report, not an error; a file so damaged that it does not open rejects as any other call does.
   *
   * @throws `UNSUPPORTED` if the store is switched off (`enabled`).
   */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
}
