/** Tenants: whose documents, where several share a store. */

import type { StoreInfo } from './info.js';
import type { SessionFilter, SessionPage, TraceFilter, TracePage, Uncounted, UncountedPage } from './list.js';
import type { ExactSpanInput, Span, SpanInput, SpanPage, SpanPageOptions } from './span.js';
import type { TraceStore } from './trace-store.js';

/**
 * The documents of one tenant, as {@link SqliteTraceStore.forTenant} gives them. Those of others don't exist here: the
 * same ids may exist in several tenants, lists and totals count only this one's, and nothing tells whether another has an
 * id. A text that several tenants send is stored once all the same.
 */
export interface TenantTraceStore extends TraceStore {
  addSpan(span: SpanInput | ExactSpanInput): Promise<void>;
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
