/** The reads: the query of each method, and what becomes of the answer. */
import type { Session, SessionPage, Span, Trace, TracePage, UncountedPage } from '../../index.js';
import { ID } from '../check/checks.js';
import { validateArgument } from '../check/shape.js';
import type { Core } from '../core.js';
import { listQuery, type AnySessionFilter, type AnyTraceFilter } from './list-query.js';
import { noPlace, pagePlace, type ListAnswer } from './list-page.js';
import { rebuildDocuments, type DocumentsAnswer } from './rebuild.js';

/** The document with this id, or `null`. */
export async function readOne<T>(core: Core, method: string, key: string, id: string): Promise<T | null> {
  const found = await readAll<T>(core, method, key, id);
  return found[0] ?? null;
}

/** All documents under this id. */
export async function readAll<T>(core: Core, method: string, key: string, id: string): Promise<T[]> {
  const answer = await core.ask<DocumentsAnswer>(method, () => {
    validateArgument(method, key, id, ID);
    return { query: method, [key]: id };
  });
  return answer === undefined ? [] : rebuildDocuments<T>(answer);
}

export async function listTraces(core: Core, filter: AnyTraceFilter): Promise<UncountedPage<TracePage>> {
  const answer = await core.ask<ListAnswer>('listTraces', () => listQuery('listTraces', filter));
  if (answer === undefined) return { traces: [], ...noPlace(filter) };
  return { traces: rebuildDocuments<Trace>(answer), ...pagePlace('listTraces', answer) };
}

export async function listSessions(
  core: Core,
  filter: AnySessionFilter,
): Promise<UncountedPage<SessionPage>> {
  const answer = await core.ask<ListAnswer>('listSessions', () => listQuery('listSessions', filter));
  if (answer === undefined) return { sessions: [], ...noPlace(filter) };
  return { sessions: rebuildDocuments<Session>(answer), ...pagePlace('listSessions', answer) };
}

export function getSpans(core: Core, traceId: string): Promise<Span[]> {
  return readAll<Span>(core, 'getSpans', 'traceId', traceId);
}
