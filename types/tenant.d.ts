/** Tenants: whose documents, where several share a store. */

import type { Annotation, AnnotationInput } from './annotation.js';
import type { BatchInput, BatchReceipt } from './batch.js';
import type { ConfigSnapshot } from './config-snapshot.js';
import type { StoreInfo } from './info.js';
import type { SpanInfo, TraceInfo } from './info-record.js';
import type { Link, LinkEnd, LinkInput, LinkOptions } from './link.js';
import type { SessionFilter, SessionPage, TraceFilter, TracePage, Uncounted, UncountedPage } from './list.js';
import type { ScoreFilter, ScoreInput, ScorePage } from './score.js';
import type { Session } from './session.js';
import type {
  ExactSpanInput,
  Span,
  SpanChanges,
  SpanEndInput,
  SpanEventInput,
  SpanInput,
  SpanPage,
  SpanPageOptions,
  SpanStartInput,
} from './span.js';
import type { Step, StepOptions } from './step.js';
import type { Trace, TraceEndInput, TraceInput, TraceTold } from './trace.js';
import type { TraceStore } from './trace-store.js';
import type {
  DeleteReceipt,
  SaidReceipt,
  SpanReceipt,
  TagChanges,
  WriteOptions,
  WriteReceipt,
} from './write.js';

/**
 * The documents of one tenant, as {@link SqliteTraceStore.forTenant} gives them. Those of others don't exist here: the
 * same ids may exist in several tenants, lists and totals count only this one's, and nothing tells whether another has an
 * id. A text that several tenants send is stored once all the same.
 */
export interface TenantTraceStore extends TraceStore {
  startTrace(trace: TraceInput, options?: WriteOptions): Promise<void>;
  endTrace(traceId: string, result: TraceEndInput, options?: WriteOptions): Promise<void>;
  addSpan(span: SpanInput | ExactSpanInput, options?: WriteOptions): Promise<void>;
  setApiIO(traceId: string, io: { apiInput?: any; apiOutput?: any }, options?: WriteOptions): Promise<void>;
  upsertSession(session: Session, options?: WriteOptions): Promise<void>;
  ensureConfigSnapshot(snapshot: ConfigSnapshot, options?: WriteOptions): Promise<void>;

  /**
   * Makes a trace, or completes one that is known by its spans, by an earlier call or by `startTrace`: what is given
   * corrects what was known until the trace ends, and completes it then. `metadata` merges, `scores` are added to those
   * that it has, tags unite, the store's `defaultTags` are added. Never fails because the trace exists.
   *
   * What nobody gives follows the first root span of the trace, see {@link Trace}; `startTrace` alone keeps it `running`
   * until `endTrace`.
   */
  ensureTrace(trace: TraceTold, options?: WriteOptions): Promise<WriteReceipt>;

  /**
   * Records a whole span that carries a step. Its `kind` is `tool` of a tool call, `retrieval` of a query, else `custom`; its
   * `name` is `toolName`, `name`, `queryType`, `role` or `errorType` of a step that has it, else the step's type; its `status`
   * is `ok`, of an error `error`, with the message as the span's `error`. Resolves to the id that it has.
   */
  addStep(traceId: string, step: Step, options?: StepOptions): Promise<SpanReceipt>;

  /**
   * Begins a span, which reads `state: 'running'` until {@link endSpan}. Its trace need not exist yet.
   *
   * Once more before the end it completes what was absent; after the end (or after `addSpan`) it changes nothing.
   */
  startSpan(span: SpanStartInput, options?: WriteOptions): Promise<WriteReceipt>;

  /**
   * Changes fields of a span, before its start (then they wait for it), while it runs, or after its end. Several, from
   * several processes too, are joined field by field, the last word on each field winning; none reads what is there, so that
   * an update costs what it carries.
   */
  updateSpan(
    traceId: string,
    spanId: string,
    changes: SpanChanges,
    options?: WriteOptions,
  ): Promise<WriteReceipt>;

  /**
   * Ends a span; need not tell again what its start told. Once more it replaces what it gives. Of a span that was never
   * started it makes one of kind `custom` without a name, which starts when it ends.
   */
  endSpan(traceId: string, spanId: string, end?: SpanEndInput, options?: WriteOptions): Promise<WriteReceipt>;

  /**
   * Adds events to those of a span, before its start (then they wait for it), while it runs, or after its end; costs what it
   * carries. A later word that gives `events` replaces them with all others; `addSpan` leaves them, and one that it gives
   * again stands once.
   */
  addEvents(
    traceId: string,
    spanId: string,
    events: SpanEventInput[],
    options?: WriteOptions,
  ): Promise<WriteReceipt>;

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
  /** The filter may be left out. */
  listSessions(filter?: SessionFilter): Promise<SessionPage>;
  listSessions(filter: Uncounted<SessionFilter>): Promise<UncountedPage<SessionPage>>;

  setTraceScores(traceId: string, scores: Record<string, number>, options?: WriteOptions): Promise<void>;
  setTraceTags(traceId: string, tags: string[], options?: WriteOptions): Promise<void>;

  /**
   * Adds tags to a trace and takes others away.
   *
   * @throws `NOT_FOUND` if nothing of such a trace has arrived.
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

  /** Reads the links of exactly this trace, span or other thing, those that spans give too, as they were first given. */
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
   * Resolves when every write called so far through this store, for whatever tenant, is settled: committed, or failed.
   * A failed write is reported by its own promise and by `onError`, not here.
   *
   * @throws `CLOSED` after {@link SqliteTraceStore.close}.
   */
  flush(): Promise<void>;
}

/** A tenant that has documents. */
export interface Tenant {
  /** `''` stands for what belongs to no tenant. */
  tenantId: string;
  counts: StoreInfo['counts'];
}

/** Which tenants to list. */
export interface TenantListOptions {
  /** Integer from 1 to 1,000. Default: 50. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** One page of tenants. */
export interface TenantPage {
  tenants: Tenant[];
  /** Whether another page follows. */
  hasMore: boolean;
  /** Given when another page follows: where it begins. */
  nextCursor?: string;
}
