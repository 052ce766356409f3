/** The methods that write and read one tenant's documents, one line each. */
import type {
  Annotation,
  AnnotationInput,
  BatchInput,
  BatchReceipt,
  DeleteReceipt,
  Link,
  LinkEnd,
  LinkInput,
  LinkOptions,
  SaidReceipt,
  ScoreFilter,
  ScoreInput,
  ScorePage,
  SpanInfo,
  TagChanges,
  TraceInfo,
  WriteOptions,
  WriteReceipt,
  ConfigSnapshot,
  ExactSpanInput,
  Session,
  SessionFilter,
  SessionPage,
  Span,
  SpanChanges,
  SpanEndInput,
  SpanEventInput,
  SpanInput,
  SpanPage,
  SpanPageOptions,
  SpanReceipt,
  SpanStartInput,
  Step,
  StepOptions,
  TenantTraceStore,
  Trace,
  TraceEndInput,
  TraceFilter,
  TraceInput,
  TraceTold,
  TracePage,
  TraceStore,
  Uncounted,
  UncountedPage,
} from '../index.js';
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
import type { View } from './view.js';
import * as operations from './write/operations.js';
import { stepInput } from './write/step-span.js';

export class TenantStore implements TenantTraceStore {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  startTrace(trace: TraceInput, options?: WriteOptions): Promise<void> {
    return this.#view.write(operations.START_TRACE, trace, [], options);
  }

  ensureTrace(trace: TraceTold, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#view.write(operations.ENSURE_TRACE, trace, [], options);
  }

  endTrace(traceId: string, result: TraceEndInput, options?: WriteOptions): Promise<void> {
    return this.#view.write(operations.END_TRACE, result, [traceId], options);
  }

  addSpan(span: SpanInput | ExactSpanInput, options?: WriteOptions): Promise<void> {
    return this.#view.write(operations.ADD_SPAN, span, [], options);
  }

  addStep(traceId: string, step: Step, options?: StepOptions): Promise<SpanReceipt> {
    return this.#view.write(operations.ADD_STEP, stepInput(traceId, step, options), [], options);
  }

  startSpan(span: SpanStartInput, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#view.write(operations.START_SPAN, span, [], options);
  }

  updateSpan(
    traceId: string,
    spanId: string,
    changes: SpanChanges,
    options?: WriteOptions,
  ): Promise<WriteReceipt> {
    return this.#view.write(operations.UPDATE_SPAN, changes, [traceId, spanId], options);
  }

  endSpan(
    traceId: string,
    spanId: string,
    end: SpanEndInput = {},
    options?: WriteOptions,
  ): Promise<WriteReceipt> {
    return this.#view.write(operations.END_SPAN, end, [traceId, spanId], options);
  }

  addEvents(
    traceId: string,
    spanId: string,
    events: SpanEventInput[],
    options?: WriteOptions,
  ): Promise<WriteReceipt> {
    return this.#view.write(operations.ADD_EVENTS, { traceId, spanId, events }, [], options);
  }

  setApiIO(
    traceId: string,
    io: Parameters<TraceStore['setApiIO']>[1],
    options?: WriteOptions,
  ): Promise<void> {
    return this.#view.write(operations.SET_API_IO, io, [traceId], options);
  }

  upsertSession(session: Session, options?: WriteOptions): Promise<void> {
    return this.#view.write(operations.UPSERT_SESSION, session, [], options);
  }

  ensureConfigSnapshot(snapshot: ConfigSnapshot, options?: WriteOptions): Promise<void> {
    return this.#view.write(operations.ENSURE_CONFIG_SNAPSHOT, snapshot, [], options);
  }

  setTraceScores(traceId: string, scores: Record<string, number>, options?: WriteOptions): Promise<void> {
    return this.#view.write(operations.SET_TRACE_SCORES, scores, [traceId], options);
  }

  setTraceTags(traceId: string, tags: string[], options?: WriteOptions): Promise<void> {
    return this.#view.write(operations.SET_TRACE_TAGS, tags, [traceId], options);
  }

  updateTraceTags(traceId: string, changes: TagChanges, options?: WriteOptions): Promise<WriteReceipt> {
    return this.#view.write(operations.UPDATE_TRACE_TAGS, changes, [traceId], options);
  }

  updateSpanTags(
    traceId: string,
    spanId: string,
    changes: TagChanges,
    options?: WriteOptions,
  ): Promise<WriteReceipt> {
    return this.#view.write(operations.UPDATE_SPAN_TAGS, changes, [traceId, spanId], options);
  }

  addScore(score: ScoreInput, options?: WriteOptions): Promise<SaidReceipt> {
    return this.#view.write(operations.ADD_SCORE, score, [], options);
  }

  deleteScore(id: string, options?: WriteOptions): Promise<DeleteReceipt> {
    return this.#view.write(operations.DELETE_SCORE, { id }, [], options);
  }

  addAnnotation(annotation: AnnotationInput, options?: WriteOptions): Promise<SaidReceipt> {
    return this.#view.write(operations.ADD_ANNOTATION, annotation, [], options);
  }

  deleteAnnotation(id: string, options?: WriteOptions): Promise<DeleteReceipt> {
    return this.#view.write(operations.DELETE_ANNOTATION, { id }, [], options);
  }

  addLinks(links: LinkInput[]): Promise<WriteReceipt[]> {
    return this.#view.writeBatch('addLinks', { links }, (receipts) => receipts.links);
  }

  batchCreate(batch: BatchInput): Promise<BatchReceipt> {
    return this.#view.writeBatch('batchCreate', batch, (receipts) => receipts);
  }

  getTrace(traceId: string): Promise<Trace | null> {
    return readOne<Trace>(this.#view, 'getTrace', { traceId });
  }

  getSession(sessionId: string): Promise<Session | null> {
    return readOne<Session>(this.#view, 'getSession', { sessionId });
  }

  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null> {
    return readOne<ConfigSnapshot>(this.#view, 'getConfigSnapshot', { snapshotId });
  }

  getSpan(traceId: string, spanId: string): Promise<Span | null> {
    return readOne<Span>(this.#view, 'getSpan', { traceId, spanId });
  }

  getRootSpans(traceId: string): Promise<Span[]> {
    return readAll<Span>(this.#view, 'getRootSpans', { traceId });
  }

  getTraceInfo(traceId: string): Promise<TraceInfo | null> {
    return readOne<TraceInfo>(this.#view, 'getTraceInfo', { traceId });
  }

  getSpanInfo(traceId: string, spanId: string): Promise<SpanInfo | null> {
    return readOne<SpanInfo>(this.#view, 'getSpanInfo', { traceId, spanId });
  }

  getAnnotations(traceId: string, spanId?: string): Promise<Annotation[]> {
    return readAll<Annotation>(this.#view, 'getAnnotations', {
      traceId,
      ...(spanId !== undefined && { spanId }),
    });
  }

  getLinks(end: LinkEnd, options: LinkOptions = {}): Promise<Link[]> {
    return getLinks(this.#view, end, options);
  }

  listScores(filter: ScoreFilter = {}): Promise<ScorePage> {
    return listScores(this.#view, filter);
  }

  getSpans(traceId: string): Promise<Span[]>;
  getSpans(traceId: string, options: SpanPageOptions): Promise<SpanPage>;
  getSpans(traceId: string, options?: SpanPageOptions): Promise<Span[] | SpanPage> {
    return options === undefined ? getSpans(this.#view, traceId) : getSpanPage(this.#view, traceId, options);
  }

  listTraces(filter?: TraceFilter): Promise<TracePage>;
  listTraces(filter: Uncounted<TraceFilter>): Promise<UncountedPage<TracePage>>;
  listTraces(filter: AnyTraceFilter = {}): Promise<UncountedPage<TracePage>> {
    return listTraces(this.#view, filter);
  }

  listSessions(filter?: SessionFilter): Promise<SessionPage>;
  listSessions(filter: Uncounted<SessionFilter>): Promise<UncountedPage<SessionPage>>;
  listSessions(filter: AnySessionFilter = {}): Promise<UncountedPage<SessionPage>> {
    return listSessions(this.#view, filter);
  }

  flush(): Promise<void> {
    return this.#view.core.flush();
  }
}
