/** How the model orders, filters and shows what it has. */
import type { TraceFilter } from 'tracestore';

export type Fields = Record<string, unknown>;
export type Numbered<T> = T & { seq: number };

/** Those that began in the same millisecond, from the parent on; none above a span that is its own ancestor. */
function ancestors(span: Fields, spans: readonly Fields[]): Fields[] {
  const parent = (of: Fields): Fields | undefined =>
    spans.find(
      (other) => other['spanId'] === of['parentSpanId'] && time(other, 'startedAt') === time(of, 'startedAt'),
    );
  const above = (of: Fields): Fields[] => {
    const found: Fields[] = [];
    for (let at = parent(of); at && !found.includes(at); at = parent(at)) found.push(at);
    return found;
  };
  const all = above(span);
  if (all.includes(span)) return [];
  const circle = all.findIndex((other) => above(other).includes(other));
  return circle === -1 ? all : all.slice(0, circle + 1);
}

/** What the model keeps beside a document's fields. */
const HIDDEN = new Set(['seq', 'exactEnd', 'words']);

export function shown(document: Fields): Fields {
  const fields = Object.entries(document);
  return Object.fromEntries(fields.filter(([key, value]) => !HIDDEN.has(key) && value !== undefined));
}

export function pageOf(found: Numbered<Fields>[], by: (of: Fields) => number, limit = 50, offset = 0) {
  const sorted = found.toSorted((a, b) => by(b) - by(a) || b.seq - a.seq);
  const page = sorted.slice(offset, offset + limit);
  const hasMore = offset + limit < sorted.length;
  return { page, total: sorted.length, hasMore, nextCursor: hasMore && limit > 0 };
}

export function matches(document: Fields, { tags, after, before, ...equal }: TraceFilter): boolean {
  return (
    Object.entries(equal).every(([key, value]) => value === undefined || document[key] === value) &&
    (tags ?? []).every((tag) => (document['tags'] as string[]).includes(tag)) &&
    (after === undefined || time(document, 'startedAt') >= after.getTime()) &&
    (before === undefined || time(document, 'startedAt') < before.getTime())
  );
}

export function time(document: Fields, key: string): number {
  return (document[key] as Date).getTime();
}

export function earlier(one: Date, other: Date): Date {
  return one <= other ? one : other;
}

export function later(one: Date, other: Date): Date {
  return one >= other ? one : other;
}

/** Fields given replace, `null` clears; `metadata` merges at its top level. */
export function change(document: Fields, fields: Fields): void {
  for (const [key, value] of Object.entries(fields)) {
    const merges = key === 'metadata';
    if (value === null) delete document[key];
    else if (value !== undefined) document[key] = merges ? { ...(document[key] as object), ...value } : value;
  }
}

export function byStart<T extends Numbered<Fields>>(spans: T[]): T[] {
  return spans.toSorted((a, b) => time(a, 'startedAt') - time(b, 'startedAt') || a.seq - b.seq);
}

/** Each behind its ancestors of the same millisecond. */
export function inOrder(spans: Array<Numbered<Fields>>): Fields[] {
  const sorted = byStart(spans);
  return [...new Set(sorted.flatMap((span) => ancestors(span, sorted).toReversed().concat(span)))];
}
