/** The public class: one line a method over what all of them share. */
import type {
  Annotation,
  AnnotationInput,
  BackupOptions,
  BackupReport,
  BatchInput,
  BatchReceipt,
  ConfigSnapshot,
  DeleteReceipt,
  Link,
  LinkEnd,
  LinkInput,
  LinkOptions,
  SaidReceipt,
  ScoreFilter,
  ScoreInput,
  ScorePage,
  Session,
  SessionFilter,
  SessionPage,
  Span,
  SpanInfo,
  SpanInput,
  SpanPage,
  SpanPageOptions,
  SqliteTraceStoreOptions,
  StoreInfo,
  TagChanges,
  Trace,
  TraceEndInput,
  TraceFilter,
  TraceInfo,
  TraceInput,
  TracePage,
  TraceStore,
  Uncounted,
  UncountedPage,
  VerifyOptions,
  VerifyReport,
  WriteOptions,
  WriteReceipt,
} from '../index.js';
import { Core } from './core.js';
import { storeInfo } from './info.js';
import { backup, verify } from './job/jobs.js';
import type { AnySessionFilter, AnyTraceFilter } from './read/list-query.js';
import {
  getLinks,
  getSpanPage,
  getSpans,
  listScores,
  listSessions,
  listTraces,
  readAll,
  readOne,
} from './read/reads.js';
import { resolveOptions } from './settings.js';
import * as operations from './write/operations.js';

export class SqliteTraceStore implements TraceStore {
  readonly #core: Core;

  constructor(options: SqliteTraceStoreOptions) {
    this.#core = new Core(resolveOptions(options));
  }

  startTrace(trace: TraceInput, options?: WriteOptions): Promise<void> {
    return this.#core.write(operations.START_TRACE, trace, [], options);
  }

  endTrace(traceId: string, result: TraceEndInput, options?: WriteOptions): Promise<void> {
    return this.#core.write(operations.END_TRACE, result, [traceId], options);
  }

  addSpan(span: SpanInput, options?: WriteOptions): Promise<void> {
    return this.#core.write(operations.ADD_SPAN, span, [], options);
  }

  setApiIO(
    traceId: string,
    io: Parameters<TraceStore['setApiIO']>[1],
    options?: WriteOptions,
  ): Promise<void> {
    return this.#core.write(operations.SET_API_IO, io, [traceId], options);
  }

  upsertSession(session: Session, options?: WriteOptions): Promise<void> {
    return this.#core.write(operations.UPSERT_SESSION, session, [], options);
  }

  ensureConfigSnapshot(snapshot: ConfigSnapshot, options?: WriteOptions): Promise<void> {
    return this.#core.write(operations.ENSURE_CONFIG_SNAPSHOT, snapshot, [], options);
  }

  setTraceScores(traceId: string, scores: Record<string, number>, options?: WriteOptions): Promise<void> {
    return this.#core.write(operations.SET_TRACE_SCORES, scores, [traceId], options);
  }

  setTraceTags(traceId: string, tags: string[], options?: WriteOptions): Promise<void> {
    return this.#core.write(operations.SET_TRACE_TAGS, tags, [traceId], options);
  }

  updateTraceTags(traceId: string, changes: TagChanges, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#core.write(operations.UPDATE_TRACE_TAGS, changes, [traceId], options);
  }

  updateSpanTags(
    traceId: string,
    spanId: string,
    changes: TagChanges,
    options?: WriteOptions,
  ): Promise<WriteReceipt> {
    return this.#core.write(operations.UPDATE_SPAN_TAGS, changes, [traceId, spanId], options);
  }

  addScore(score: ScoreInput, options?: WriteOptions): Promise<SaidReceipt> {
    return this.#core.write(operations.ADD_SCORE, score, [], options);
  }

  deleteScore(id: string, options?: WriteOptions): Promise<DeleteReceipt> {
    return this.#core.write(operations.DELETE_SCORE, { id }, [], options);
  }

  addAnnotation(annotation: AnnotationInput, options?: WriteOptions): Promise<SaidReceipt> {
    return this.#core.write(operations.ADD_ANNOTATION, annotation, [], options);
  }

  deleteAnnotation(id: string, options?: WriteOptions): Promise<DeleteReceipt> {
    return this.#core.write(operations.DELETE_ANNOTATION, { id }, [], options);
  }

  addLinks(links: LinkInput[]): Promise<WriteReceipt[]> {
    return this.#core.writeBatch('addLinks', { links }, (receipts) => receipts.links);
  }

  batchCreate(batch: BatchInput): Promise<BatchReceipt> {
    return this.#core.writeBatch('batchCreate', batch, (receipts) => receipts);
  }

  getTrace(traceId: string): Promise<Trace | null> {
    return readOne<Trace>(this.#core, 'getTrace', { traceId });
  }

  getSession(sessionId: string): Promise<Session | null> {
    return readOne<Session>(this.#core, 'getSession', { sessionId });
  }

  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null> {
    return readOne<ConfigSnapshot>(this.#core, 'getConfigSnapshot', { snapshotId });
  }

  getSpan(traceId: string, spanId: string): Promise<Span | null> {
    return readOne<Span>(this.#core, 'getSpan', { traceId, spanId });
  }

  getRootSpans(traceId: string): Promise<Span[]> {
    return readAll<Span>(this.#core, 'getRootSpans', { traceId });
  }

  getTraceInfo(traceId: string): Promise<TraceInfo | null> {
    return readOne<TraceInfo>(this.#core, 'getTraceInfo', { traceId });
  }

  getSpanInfo(traceId: string, spanId: string): Promise<SpanInfo | null> {
    return readOne<SpanInfo>(this.#core, 'getSpanInfo', { traceId, spanId });
  }

  getAnnotations(traceId: string, spanId?: string): Promise<Annotation[]> {
    return readAll<Annotation>(this.#core, 'getAnnotations', {
      traceId,
      ...(spanId !== undefined && { spanId }),
    });
  }

  getLinks(end: LinkEnd, options: LinkOptions = {}): Promise<Link[]> {
    return getLinks(this.#core, end, options);
  }

  listScores(filter: ScoreFilter = {}): Promise<ScorePage> {
    return listScores(this.#core, filter);
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
