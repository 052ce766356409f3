/** Where a page stands in its list: what a page carries beside its documents. */
import type { TracePage } from '../../index.js';
import type { DocumentsPart } from './rebuild.js';
import { markCursor, type PagedMethod } from './cursors.js';
import type { AnySessionFilter, AnyTraceFilter } from './list-query.js';

export type PagePlace = Pick<TracePage, 'hasMore' | 'nextCursor'> & { total?: number };

/** The last part of a page carries its place; the parts before have none. */
export type ListPart = DocumentsPart & PagePlace;

/** `total` only if it was asked for, `nextCursor` only if another page follows. */
export function pagePlace(
  method: PagedMethod,
  tenantId: string,
  { total, hasMore, nextCursor }: PagePlace,
): PagePlace {
  return {
    ...(total !== undefined && { total }),
    hasMore,
    ...(nextCursor !== undefined && { nextCursor: markCursor(method, tenantId, nextCursor) }),
  };
}

/** Of a store that is switched off, which doesn't look at what it is given. */
export function noPlace(filter: AnySessionFilter | AnyTraceFilter | null): PagePlace {
  return filter?.total === false ? { hasMore: false } : { total: 0, hasMore: false };
}
