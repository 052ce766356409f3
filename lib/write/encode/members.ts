/** What objects say of themselves: their class and their keys. They may lie, or throw. */
import { marker } from '../../check/safe-read.js';

/** An object whose members are all that JSON shows of it. What can't say so is looked at with care. */
export function isPlain(object: object): boolean {
  try {
    const prototype: unknown = Object.getPrototypeOf(object);
    return prototype === Object.prototype || prototype === null;
  } catch {
    return false;
  }
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

/** Whether a loop over an object that inherits from this one would see more than its own members. */
export function hasMembers(prototype: object): boolean {
  // oxlint-disable-next-line guard-for-in -- one is enough
  for (const _ in prototype) return true;
  return false;
}
