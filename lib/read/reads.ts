/** The reads: the query of each method, and what becomes of the answer. */
import type {
  Link,
  LinkEnd,
  LinkOptions,
  Score,
  ScoreFilter,
  ScorePage,
  Session,
  SessionPage,
  Span,
  SpanPage,
  SpanPageOptions,
  Trace,
  TracePage,
  UncountedPage,
} from '../../index.js';
import { ID, oneOf, optional } from '../check/checks.js';
import { LINK_END } from '../check/link-end.js';
import { argumentShape, validate, validateArgument } from '../check/shape.js';
import type { View } from '../view.js';
import { listQuery, scoreQuery, type AnySessionFilter, type AnyTraceFilter } from './list-query.js';
import { noPlace, pagePlace, type ListPart } from './list-page.js';
import { spanPageQuery } from './span-query.js';
import { rebuildDocuments, type DocumentsPart } from './rebuild.js';

/** The ids that a read takes, by their names. */
type Ids = Record<string, string>;

/** The document with these ids, or `null`. */
export async function readOne<T>(view: View, method: string, ids: Ids): Promise<T | null> {
  const found = await readAll<T>(view, method, ids);
  return found[0] ?? null;
}

/** All documents under these ids. */
export async function readAll<T>(view: View, method: string, ids: Ids): Promise<T[]> {
  const parts = await view.ask<DocumentsPart>(method, () => {
    for (const [key, id] of Object.entries(ids)) validateArgument(method, key, id, ID);
    return { query: method, ...ids };
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

export async function listScores(view: View, filter: ScoreFilter): Promise<ScorePage> {
  const parts = await view.ask<ListPart>('listScores', () => scoreQuery(view.tenantId, filter));
  if (parts === undefined) return { scores: [], hasMore: false };
  const { documents, last } = rebuildDocuments(parts);
  return { scores: documents as unknown as Score[], ...pagePlace('listScores', view.tenantId, last) };
}

const LINK_OPTIONS = argumentShape([optional('direction', oneOf('from', 'to', 'both'))]);

export async function getLinks(view: View, end: LinkEnd, options: LinkOptions): Promise<Link[]> {
  const parts = await view.ask<DocumentsPart>('getLinks', () => {
    validateArgument('getLinks', 'end', end, LINK_END);
    const { direction } = validate('getLinks', 'options', options, LINK_OPTIONS);
    return { query: 'getLinks', end, direction };
  });
  return parts === undefined ? [] : (rebuildDocuments(parts).documents as unknown as Link[]);
}

export function getSpans(view: View, traceId: string): Promise<Span[]> {
  return readAll<Span>(view, 'getSpans', { traceId });
}

export async function getSpanPage(view: View, traceId: string, options: SpanPageOptions): Promise<SpanPage> {
  const parts = await view.ask<ListPart>('getSpans', () => spanPageQuery(view.tenantId, traceId, options));
  if (parts === undefined) return { spans: [], hasMore: false };
  const { documents, last } = rebuildDocuments(parts);
  return { spans: documents as unknown as Span[], ...pagePlace('getSpans', view.tenantId, last) };
}
