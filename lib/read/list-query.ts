/** From a filter to the query that native code answers, by the one table of fields that both sides read. */
import type { SessionFilter, TraceFilter, Uncounted } from '../../index.js';
import { ANY_DATE, FLAG, listOf, NAME, NUMBER, oneOf, optional, wholeNumber } from '../check/checks.js';
import { timeOf } from '../check/dates.js';
import type { Fields } from '../check/safe-read.js';
import type { Check, Shape } from '../check/rules.js';
import { invalid, argumentShape, validate } from '../check/shape.js';
import { cursorCheck, unmarkCursor } from './cursors.js';
import TABLE from './fields.json';

/** A filter as callers may give it. */
export type AnyTraceFilter = TraceFilter | Uncounted<TraceFilter>;
export type AnySessionFilter = SessionFilter | Uncounted<SessionFilter>;

export type ListMethod = keyof typeof TABLE;

type FieldType = 'name' | 'number' | 'traceStatus' | 'tags' | 'time';
type Operator = 'equals' | 'all' | 'from' | 'until';

interface ListTable {
  fields: Array<{
    name: string;
    type: FieldType;
    /** The filter's keys that ask for this field, and what each asks. */
    filters: Record<string, Operator>;
  }>;
}

const LISTS = TABLE as unknown as Record<ListMethod, ListTable>;

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 1000;

const VALUES: Record<FieldType, Check> = {
  name: NAME,
  number: NUMBER,
  traceStatus: oneOf('running', 'completed', 'failed', 'timeout'),
  // All of them must be there; nobody means hundreds.
  tags: listOf(NAME, 100),
  time: ANY_DATE,
};

const SHAPES: Record<ListMethod, Shape> = {
  listTraces: shapeOf('listTraces'),
  listSessions: shapeOf('listSessions'),
};

/** @throws `INVALID_ARGUMENT` */
export function listQuery(
  method: ListMethod,
  tenantId: string,
  filter: AnyTraceFilter | AnySessionFilter,
): object {
  const valid = validate(method, 'filter', filter, SHAPES[method]);
  if (valid.cursor !== undefined && valid.offset !== undefined) {
    throw invalid(method, 'filter.offset', 'absent beside a cursor', `number ${valid.offset}`);
  }
  return {
    query: method,
    where: conditions(method, valid as Fields),
    limit: valid.limit ?? DEFAULT_LIMIT,
    offset: valid.offset ?? 0,
    cursor: unmarkCursor(method, tenantId, 'filter.cursor', valid.cursor),
    maxBytes: valid.maxBytes,
    total: valid.total,
  };
}

function conditions(method: ListMethod, filter: Fields): object[] {
  const found: object[] = [];
  for (const { name, filters } of LISTS[method].fields) {
    for (const [key, op] of Object.entries(filters)) {
      const value = filter[key];
      if (value === undefined) continue;
      found.push({
        field: name,
        op,
        value: op === 'from' || op === 'until' ? timeOf(value as Date) : value,
      });
    }
  }
  return found;
}

function shapeOf(method: ListMethod): Shape {
  const fields = LISTS[method].fields.flatMap(({ type, filters }) =>
    Object.keys(filters).map((key) => optional(key, VALUES[type])),
  );
  return argumentShape([
    ...fields,
    optional('limit', wholeNumber('documents', 0, LARGEST_LIMIT)),
    optional('offset', wholeNumber('documents', 0)),
    optional('cursor', cursorCheck(method)),
    optional('maxBytes', wholeNumber('bytes', 1)),
    optional('total', FLAG),
  ]);
}
