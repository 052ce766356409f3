/** Reading objects that others made: getters may throw, keys may be `__proto__`. */
import { types } from 'node:util';

/** An object seen as its fields. */
export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is an error, of this realm or another. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || (typeof value === 'object' && value instanceof Error);
}

/** A member's value, or a marker if its getter throws. */
export function read(object: object, key: PropertyKey): unknown {
  try {
    return (object as Record<PropertyKey, unknown>)[key];
  } catch (error) {
    return marker(error);
  }
}

/** An object's own members, each read once. */
export function copyFields(object: object): Fields {
  const copy: Fields = {};
  for (const key of Object.keys(object)) setField(copy, key, read(object, key));
  return copy;
}

/** Sets a field as data even if it is called `__proto__`. */
export function setField(object: Fields, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** What is recorded where a getter, a `toJSON` or a proxy throws, so that its neighbours survive. */
export function marker(error: unknown): string {
  return `[omitted: reading it threw ${nameOf(error)}]`;
}

const LONGEST_NAME = 64;

/** What was thrown is the caller's, too: asking for its name may throw again. */
function nameOf(error: unknown): string {
  try {
    if (error instanceof Error && typeof error.name === 'string' && error.name.length <= LONGEST_NAME)
      return error.name;
  } catch {
    return 'Error';
  }
  return typeof error;
}
