/** The filters of the lists as tables of fields, and as queries. */
import type { SessionFilter, TraceFilter } from '../index.js';
import { ANY_DATE, leaf, NAME, NUMBER, oneOf, optional, wholeNumber } from './checks.js';
import { TAGS } from './documents.js';
import { invalid, strictShape, validate, type Shape } from './validate.js';

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 1000;

const PAGE = [
  optional('limit', wholeNumber('documents', 0, LARGEST_LIMIT)),
  optional('offset', wholeNumber('documents', 0)),
  optional(
    'cursor',
    leaf('the nextCursor of a page', (value) => typeof value === 'string' && value !== ''),
  ),
];

const TRACE_FILTER = strictShape([
  optional('agentName', NAME),
  optional('sessionId', NAME),
  optional('userId', NUMBER),
  optional('status', oneOf('running', 'completed', 'failed', 'timeout')),
  optional('tags', TAGS),
  optional('after', ANY_DATE),
  optional('before', ANY_DATE),
  ...PAGE,
]);

const SESSION_FILTER = strictShape([optional('userId', NUMBER), optional('tags', TAGS), ...PAGE]);

export function traceQuery(filter: TraceFilter): object {
  const valid = checkFilter('listTraces', filter, TRACE_FILTER);
  return {
    query: 'listTraces',
    ...valid,
    ...page(valid),
    after: valid.after?.getTime(),
    before: valid.before?.getTime(),
  };
}

export function sessionQuery(filter: SessionFilter): object {
  const valid = checkFilter('listSessions', filter, SESSION_FILTER);
  return { query: 'listSessions', ...valid, ...page(valid) };
}

function checkFilter<F extends SessionFilter | TraceFilter>(method: string, filter: F, rules: Shape): F {
  const valid = validate(method, 'filter', filter, rules);
  if (valid.cursor !== undefined && valid.offset !== undefined) {
    throw invalid(method, 'filter.offset', 'absent beside a cursor', `number ${valid.offset}`);
  }
  return valid;
}

function page(filter: SessionFilter): { limit: number; offset: number } {
  return { limit: filter.limit ?? DEFAULT_LIMIT, offset: filter.offset ?? 0 };
}
