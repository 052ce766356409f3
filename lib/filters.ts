/** The filters of the lists as tables of fields, and as queries. */
import type { SessionFilter, TraceFilter, Uncounted } from '../index.js';
import { ANY_DATE, FLAG, leaf, listOf, NAME, NUMBER, oneOf, optional, wholeNumber } from './checks.js';
import { invalid, strictShape, validate, type Shape } from './validate.js';

/** A filter as callers may give it. */
export type AnyTraceFilter = TraceFilter | Uncounted<TraceFilter>;
export type AnySessionFilter = SessionFilter | Uncounted<SessionFilter>;

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 1000;
/** All of the tags must be there; nobody means hundreds. */
const TAGS = listOf(NAME, 100);

/** What tells the cursor of one list from that of the other; the rest is the engine's. */
const MARKS = { listTraces: 't', listSessions: 's' } as const;
export type ListMethod = keyof typeof MARKS;

function pageFields(method: ListMethod) {
  const form = new RegExp(`^${MARKS[method]}[0-9a-f]{1,16}[.][0-9a-f]{1,16}$`);
  return [
    optional('limit', wholeNumber('documents', 0, LARGEST_LIMIT)),
    optional('offset', wholeNumber('documents', 0)),
    optional(
      'cursor',
      leaf(`the nextCursor of a page of ${method}`, (value) => typeof value === 'string' && form.test(value)),
    ),
    optional('total', FLAG),
  ];
}

const TRACE_FILTER = strictShape([
  optional('agentName', NAME),
  optional('sessionId', NAME),
  optional('userId', NUMBER),
  optional('status', oneOf('running', 'completed', 'failed', 'timeout')),
  optional('tags', TAGS),
  optional('after', ANY_DATE),
  optional('before', ANY_DATE),
  ...pageFields('listTraces'),
]);

const SESSION_FILTER = strictShape([
  optional('userId', NUMBER),
  optional('tags', TAGS),
  ...pageFields('listSessions'),
]);

export function traceQuery(filter: AnyTraceFilter): object {
  const valid = checkFilter('listTraces', filter, TRACE_FILTER);
  return {
    query: 'listTraces',
    ...valid,
    ...page(valid),
    after: valid.after?.getTime(),
    before: valid.before?.getTime(),
  };
}

export function sessionQuery(filter: AnySessionFilter): object {
  const valid = checkFilter('listSessions', filter, SESSION_FILTER);
  return { query: 'listSessions', ...valid, ...page(valid) };
}

/** The cursor of the next page, as callers see it. */
export function markCursor(method: ListMethod, cursor: string): string {
  return MARKS[method] + cursor;
}

function checkFilter<F extends AnySessionFilter | AnyTraceFilter>(
  method: ListMethod,
  filter: F,
  rules: Shape,
): F {
  const valid = validate(method, 'filter', filter, rules);
  if (valid.cursor !== undefined && valid.offset !== undefined) {
    throw invalid(method, 'filter.offset', 'absent beside a cursor', `number ${valid.offset}`);
  }
  return valid;
}

function page(filter: AnySessionFilter): { limit: number; offset: number; cursor: string | undefined } {
  const cursor = filter.cursor?.slice(1);
  return { limit: filter.limit ?? DEFAULT_LIMIT, offset: filter.offset ?? 0, cursor };
}
