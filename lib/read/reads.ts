/** The reads: the query of each method, and what becomes of the answer. */
import type {
  Session,
  SessionPage,
  Span,
  SpanPage,
  SpanPageOptions,
  Trace,
  TracePage,
  UncountedPage,
} from '../../index.js';
import { ID } from '../check/checks.js';
import { validateArgument } from '../check/shape.js';
import type { View } from '../view.js';
import { listQuery, type AnySessionFilter, type AnyTraceFilter } from './list-query.js';
import { noPlace, pagePlace, type ListPart } from './list-page.js';
import { spanPageQuery } from './span-query.js';
import { rebuildDocuments, type DocumentsPart } from './rebuild.js';

/** The document with this id, or `null`. */
export async function readOne<T>(view: View, method: string, key: string, id: string): Promise<T | null> {
  const found = await readAll<T>(view, method, key, id);
  return found[0] ?? null;
}

/** All documents under this id. */
export async function readAll<T>(view: View, method: string, key: string, id: string): Promise<T[]> {
  const parts = await view.ask<DocumentsPart>(method, () => {
    validateArgument(method, key, id, ID);
    return { query: method, [key]: id };
  });
  return parts === undefined ? [] : (rebuildDocuments(parts).documents as T[]);
}

export async function listTraces(view: View, filter: AnyTraceFilter): Promise<UncountedPage<TracePage>> {
  const parts = await view.ask<ListPart>('listTraces', () => listQuery('listTraces', view.tenantId, filter));
  if (parts === undefined) return { traces: [], ...noPlace(filter) };
  const { documents, last } = rebuildDocuments(parts);
  return { traces: documents as unknown as Trace[], ...pagePlace('listTraces', view.tenantId, last) };
}

export async function listSessions(
  view: View,
  filter: AnySessionFilter,
): Promise<UncountedPage<SessionPage>> {
  const parts = await view.ask<ListPart>('listSessions', () =>
    listQuery('listSessions', view.tenantId, filter),
  );
  if (parts === undefined) return { sessions: [], ...noPlace(filter) };
  const { documents, last } = rebuildDocuments(parts);
  return { sessions: documents as unknown as Session[], ...pagePlace('listSessions', view.tenantId, last) };
}

export function getSpans(view: View, traceId: string): Promise<Span[]> {
  return readAll<Span>(view, 'getSpans', 'traceId', traceId);
}

export async function getSpanPage(view: View, traceId: string, options: SpanPageOptions): Promise<SpanPage> {
  const parts = await view.ask<ListPart>('getSpans', () => spanPageQuery(view.tenantId, traceId, options));
  if (parts === undefined) return { spans: [], hasMore: false };
  const { documents, last } = rebuildDocuments(parts);
  return { spans: documents as unknown as Span[], ...pagePlace('getSpans', view.tenantId, last) };
}
