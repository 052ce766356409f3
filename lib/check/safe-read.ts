/** Reading objects that others made: getters may throw, keys may be `__proto__`. */

/** An object seen as its fields. */
export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands in for a value that cannot be read. */
export const UNREADABLE = '[omitted: unreadable]';

/** A field's value, or {@link UNREADABLE} if its getter throws. */
export function readField(object: Fields, key: string): unknown {
  try {
    return object[key];
  } catch {
    return UNREADABLE;
  }
}

/** Sets a field as data even if it is called `__proto__`. */
export function setField(object: Fields, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** A copy with every field of its own; what can't be read is marked. */
export function copyFields(object: Fields): Fields {
  const copy: Fields = {};
  for (const key of Object.keys(object)) setField(copy, key, readField(object, key));
  return copy;
}
