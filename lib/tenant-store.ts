/** The methods that write and read one tenant's documents, one line each. */
import type {
  ConfigSnapshot,
  ExactSpanInput,
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
  Written,
} from '../index.js';
import type { AnySessionFilter, AnyTraceFilter } from './read/list-query.js';
import { getSpanPage, getSpans, listSessions, listTraces, readOne } from './read/reads.js';
import type { View } from './view.js';
import * as operations from './write/operations.js';

export class TenantStore implements TenantTraceStore {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  startTrace(trace: TraceInput): Promise<void> {
    return this.#view.write(operations.START_TRACE, trace);
  }

  ensureTrace(trace: TraceTold): Promise<Written> {
    return this.#view.write(operations.ENSURE_TRACE, trace);
  }

  endTrace(traceId: string, result: TraceEndInput): Promise<void> {
    return this.#view.write(operations.END_TRACE, result, traceId);
  }

  addSpan(span: SpanInput | ExactSpanInput): Promise<void> {
    return this.#view.write(operations.ADD_SPAN, span);
  }

  startSpan(span: SpanStartInput): Promise<Written> {
    return this.#view.write(operations.START_SPAN, span);
  }

  updateSpan(traceId: string, spanId: string, changes: SpanChanges): Promise<Written> {
    return this.#view.write(operations.UPDATE_SPAN, changes, traceId, spanId);
  }

  endSpan(traceId: string, spanId: string, end: SpanEndInput = {}): Promise<Written> {
    return this.#view.write(operations.END_SPAN, end, traceId, spanId);
  }

  setApiIO(traceId: string, io: Parameters<TraceStore['setApiIO']>[1]): Promise<void> {
    return this.#view.write(operations.SET_API_IO, io, traceId);
  }

  upsertSession(session: Session): Promise<void> {
    return this.#view.write(operations.UPSERT_SESSION, session);
  }

  ensureConfigSnapshot(snapshot: ConfigSnapshot): Promise<void> {
    return this.#view.write(operations.ENSURE_CONFIG_SNAPSHOT, snapshot);
  }

  setTraceScores(traceId: string, scores: Record<string, number>): Promise<void> {
    return this.#view.write(operations.SET_TRACE_SCORES, scores, traceId);
  }

  setTraceTags(traceId: string, tags: string[]): Promise<void> {
    return this.#view.write(operations.SET_TRACE_TAGS, tags, traceId);
  }

  getTrace(traceId: string): Promise<Trace | null> {
    return readOne<Trace>(this.#view, 'getTrace', 'traceId', traceId);
  }

  getSession(sessionId: string): Promise<Session | null> {
    return readOne<Session>(this.#view, 'getSession', 'sessionId', sessionId);
  }

  getConfigSnapshot(snapshotId: string): Promise<ConfigSnapshot | null> {
    return readOne<ConfigSnapshot>(this.#view, 'getConfigSnapshot', 'snapshotId', snapshotId);
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
