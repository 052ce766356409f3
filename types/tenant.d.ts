/** Tenants: whose documents, where several share a store. */

import type { StoreInfo } from './info.js';
import type { SessionFilter, SessionPage, TraceFilter, TracePage, Uncounted, UncountedPage } from './list.js';
import type { Written } from './receipt.js';
import type {
  ExactSpanInput,
  Span,
  SpanChanges,
  SpanEndInput,
  SpanInput,
  SpanPage,
  SpanPageOptions,
  SpanStartInput,
} from './span.js';
import type { Trace, TraceTold } from './trace.js';
import type { TraceStore } from './trace-store.js';

/**
 * The documents of one tenant, as {@link SqliteTraceStore.forTenant} gives them. Those of others don't exist here: the
 * same ids may exist in several tenants, lists and totals count only this one's, and nothing tells whether another has an
 * id. A text that several tenants send is stored once all the same.
 */
export interface TenantTraceStore extends TraceStore {
  addSpan(span: SpanInput | ExactSpanInput): Promise<void>;

  /**
   * Makes a trace, or completes one that is known by its spans, by an earlier call or by `startTrace`: what is given
   * corrects what was known until the trace ends, and completes it then. `metadata` and `scores` merge, tags unite, the
   * store's `defaultTags` are added. Never fails because the trace exists.
   *
   * What nobody gives follows the first root span of the trace, see {@link Trace}; `startTrace` alone keeps it `running`
   * until `endTrace`.
   */
  ensureTrace(trace: TraceTold): Promise<Written>;

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
