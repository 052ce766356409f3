// What two stores' answers are compared by.

/** Text that is equal for deep-equal answers: keys sorted, dates and absent values marked; cursors are each store's own. */
export function canonical(value) {
  if (value instanceof Date) return `date ${value.toISOString()}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  const fields = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${key === 'nextCursor' ? 'given' : canonical(value[key])}`);
  return `{${fields.join(',')}}`;
}
