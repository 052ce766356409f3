/** What JSON sees of a value that is more than its members: `toJSON` first, then the table of stand-ins. */
import { isBuiltIn, standIn } from './stand_in.js';
import { marker } from '../../check/safe-read.js';

export type ToJSON = (key: string) => unknown;

/** What JSON asks: objects, functions and BigInts. */
export type Asked = object | bigint;

/** A value's `toJSON`, read once; one that throws when it is read throws when it is asked. */
export function toJSONOf(value: Asked): unknown {
  try {
    return (value as { toJSON?: unknown }).toJSON;
  } catch (error) {
    return () => marker(error);
  }
}

/** What a value's `toJSON` returns, or the value if the table knows better; a marker if asking throws. */
export function asked(value: Asked, key: string | number, toJSON: ToJSON): unknown {
  try {
    if (typeof value === 'object' && isBuiltIn(toJSON, value)) return value;
    return Reflect.apply(toJSON, value, [String(key)]);
  } catch (error) {
    return marker(error);
  }
}

/** What is written for a value whose `toJSON` was asked: a primitive, or a container of which the members are written. */
export function presented(value: unknown): unknown {
  if (typeof value === 'symbol') return String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  try {
    return standIn(value);
  } catch (error) {
    return marker(error);
  }
}
