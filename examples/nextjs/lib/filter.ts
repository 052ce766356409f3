// Query string -> TraceFilter, shared by the page and the list route; the store itself refuses bad values.
import type { TraceFilter, TraceStatus } from 'tracestore';

export function traceFilter(query: URLSearchParams): TraceFilter {
  const text = (key: string) => query.get(key) || undefined;
  const number = (key: string) => parsed(text(key), Number);
  const date = (key: string) => parsed(text(key), (value) => new Date(value));
  return {
    agentName: text('agentName'),
    sessionId: text('sessionId'),
    userId: number('userId'),
    status: text('status') as TraceStatus | undefined,
    tags: query.has('tag') ? query.getAll('tag') : undefined,
    after: date('after'),
    before: date('before'),
    limit: number('limit'),
    offset: number('offset'),
    cursor: text('cursor'),
  };
}

function parsed<T>(value: string | undefined, parse: (value: string) => T): T | undefined {
  return value === undefined ? undefined : parse(value);
}
