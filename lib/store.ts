/** The public class: one line a method over what all of them share. */
import type {
  BackupOptions,
  BackupReport,
  ConfigSnapshot,
  Session,
  SessionFilter,
  SessionPage,
  Span,
  SpanChanges,
  SpanEndInput,
  SpanInput,
  SpanPage,
  SpanPageOptions,
  SpanStartInput,
  SqliteTraceStoreOptions,
  StoreInfo,
  Trace,
  TraceEndInput,
  TraceFilter,
  TraceInput,
  TracePage,
  TraceStore,
  Uncounted,
  UncountedPage,
  VerifyOptions,
  VerifyReport,
  Written,
} from '../index.js';
import { Core } from './core.js';
import { storeInfo } from './info.js';
import { backup, verify } from './job/jobs.js';
import type { AnySessionFilter, AnyTraceFilter } from './read/list-query.js';
import { getSpanPage, getSpans, listSessions, listTraces, readOne } from './read/reads.js';
import { resolveOptions } from './settings.js';
import * as operations from './write/operations.js';

export class SqliteTraceStore implements TraceStore {
  readonly #core: Core;

  constructor(options: SqliteTraceStoreOptions) {
    this.#core = new Core(resolveOptions(options));
  }

  startTrace(trace: TraceInput): Promise<void> {
    return this.#core.write(operations.START_TRACE, trace);
  }

  endTrace(traceId: string, result: TraceEndInput): Promise<void> {
    return this.#core.write(operations.END_TRACE, result, traceId);
  }

  addSpan(span: SpanInput): Promise<void> {
    return this.#core.write(operations.ADD_SPAN, span);
  }

  startSpan(span: SpanStartInput): Promise<Written> {
    return this.#core.write(operations.START_SPAN, span);
  }

  updateSpan(traceId: string, spanId: string, changes: SpanChanges): Promise<Written> {
    return this.#core.write(operations.UPDATE_SPAN, changes, traceId, spanId);
  }

  endSpan(traceId: string, spanId: string, end: SpanEndInput = {}): Promise<Written> {
    return this.#core.write(operations.END_SPAN, end, traceId, spanId);
  }

  setApiIO(traceId: string, io: Parameters<TraceStore['setApiIO']>[1]): Promise<void> {
    return this.#core.write(operations.SET_API_IO, io, traceId);
  }

  upsertSession(session: Session): Promise<void> {
    return this.#core.write(operations.UPSERT_SESSION, session);
  }

  ensureConfigSnapshot(snapshot: ConfigSnapshot): Promise<void> {
    return this.#core.write(operations.ENSURE_CONFIG_SNAPSHOT, snapshot);
  }

  setTraceScores(traceId: string, scores: Record<string, number>): Promise<void> {
    return this.#core.write(operations.SET_TRACE_SCORES, scores, traceId);
  }

  setTraceTags(traceId: string, tags: string[]): Promise<void> {
    return this.#core.write(operations.SET_TRACE_TAGS, tags, traceId);
  }

  getTrace(traceId: string): Promise<Trace | null> {
    return readOne<Trace>(this.#core, 'getTrace', 'traceId', traceId);
  }

  getSession(sessionId: string): Promise<Session | null> {
    return readOne<Session>(this.#core, 'getSession', 'sessionId', sessionId);
  }

  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null> {
    return readOne<ConfigSnapshot>(this.#core, 'getConfigSnapshot', 'snapshotId', snapshotId);
  }

  getSpans(traceId: string): Promise<Span[]>;
  getSpans(traceId: string, options: SpanPageOptions): Promise<SpanPage>;
  getSpans(traceId: string, options?: SpanPageOptions): Promise<Span[] | SpanPage> {
    return options === undefined ? getSpans(this.#core, traceId) : getSpanPage(this.#core, traceId, options);
  }

  listTraces(filter?: TraceFilter): Promise<TracePage>;
  listTraces(filter: Uncounted<TraceFilter>): Promise<UncountedPage<TracePage>>;
  listTraces(filter: AnyTraceFilter = {}): Promise<UncountedPage<TracePage>> {
    return listTraces(this.#core, filter);
  }

  listSessions(filter?: SessionFilter): Promise<SessionPage>;
  listSessions(filter: Uncounted<SessionFilter>): Promise<UncountedPage<SessionPage>>;
  listSessions(filter: AnySessionFilter = {}): Promise<UncountedPage<SessionPage>> {
    return listSessions(this.#core, filter);
  }

  info(): Promise<StoreInfo> {
    return storeInfo(this.#core);
  }

  backup(path: string, options: BackupOptions = {}): Promise<BackupReport> {
    return backup(path, options, (method, job) => this.#core.startJob(method, job));
  }

  verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return verify(options, (method, job) => this.#core.startJob(method, job));
  }

  flush(): Promise<void> {
    return this.#core.flush();
  }

  close(): Promise<void> {
    return this.#core.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
