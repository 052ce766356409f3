/** What objects say of themselves: their class, their keys, whether they are what they were. They may lie, or throw. */
import type { Thing } from './things.js';
import { marker, read } from './thrown.js';

/** An object whose members are all that JSON shows of it. What can't say so is looked at with care. */
export function isPlain(object: object): boolean {
  try {
    const prototype: unknown = Object.getPrototypeOf(object);
    return prototype === Object.prototype || prototype === null;
  } catch {
    return false;
  }
}

/** Whether an object has the members that it had; each is read once. If not, those that were read are in `values`. */
export function isUnchanged(
  object: object,
  keys: readonly string[],
  known: Thing,
  values: unknown[],
): boolean {
  if (keys.length !== known.keys.length) return false;
  for (let i = 0; i < keys.length; i += 1) if (keys[i] !== known.keys[i]) return false;
  for (let i = 0; i < keys.length; i += 1) {
    const value = read(object, keys[i] as string);
    if (value === known.values[i]) continue;
    values.push(...known.values.slice(0, i), value);
    return false;
  }
  return true;
}

export function isArray(value: object): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false; // a revoked proxy; so do its keys say
  }
}

/** An object's keys, or a marker for the object. */
export function keysOf(object: object): string[] | string {
  try {
    return Object.keys(object);
  } catch (error) {
    return marker(error);
  }
}

/** The value of the member at `i`, read unless it was. */
export function readOnce(record: object, key: string, values: unknown[], i: number): unknown {
  if (i === values.length) values.push(read(record, key));
  return values[i];
}
