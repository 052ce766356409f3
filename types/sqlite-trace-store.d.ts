/** The implementation over SQLite. */

/// <reference lib="esnext.disposable" />

import type { ConfigSnapshot } from './config-snapshot.js';
import type { StoreInfo } from './info.js';
import type { BackupOptions, BackupReport, VerifyOptions, VerifyReport } from './jobs.js';
import type { SessionFilter, SessionPage, TraceFilter, TracePage, Uncounted, UncountedPage } from './list.js';
import type { SqliteTraceStoreOptions } from './options.js';
import type { Written } from './receipt.js';
import type { Session } from './session.js';
import type {
  Span,
  SpanChanges,
  SpanEndInput,
  SpanInput,
  SpanPage,
  SpanPageOptions,
  SpanStartInput,
} from './span.js';
import type { Trace, TraceEndInput, TraceInput } from './trace.js';
import type { TraceStore } from './trace-store.js';

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

  startTrace(trace: TraceInput): Promise<void>;
  endTrace(traceId: string, result: TraceEndInput): Promise<void>;
  addSpan(span: SpanInput): Promise<void>;

  /**
   * Begins a span, which reads `state: 'running'` until {@link endSpan}. Its trace need not exist yet.
   *
   * Once more before the end it completes what was absent; after the end (or after `addSpan`) it changes nothing.
   */
  startSpan(span: SpanStartInput): Promise<Written>;

  /**
   * Changes fields of a span, before its start (then they wait for it), while it runs, or after its end. Several, from
   * several processes too, are joined field by field, the last word on each field winning; none reads what is there, so that
   * an update costs what it carries.
   */
  updateSpan(traceId: string, spanId: string, changes: SpanChanges): Promise<Written>;

  /**
   * Ends a span; need not tell again what its start told. Once more it replaces what it gives. Of a span that was never
   * started it makes one of kind `custom` without a name, which starts when it ends.
   */
  endSpan(traceId: string, spanId: string, end?: SpanEndInput): Promise<Written>;

  setApiIO(traceId: string, io: { apiInput?: any; apiOutput?: any }): Promise<void>;
  upsertSession(session: Session): Promise<void>;
  ensureConfigSnapshot(snapshot: ConfigSnapshot): Promise<void>;
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
  setTraceScores(traceId: string, scores: Record<string, number>): Promise<void>;
  setTraceTags(traceId: string, tags: string[]): Promise<void>;

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
