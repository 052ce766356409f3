/** Which spans come before one of the same millisecond, for the model. */

type Fields = Record<string, unknown>;

/** Those that began in the same millisecond, from the parent on; none above a span that is its own ancestor. */
export function ancestors(span: Fields, spans: readonly Fields[]): Fields[] {
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

function time(document: Fields, key: string): number {
  return (document[key] as Date).getTime();
}
