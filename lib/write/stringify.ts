/** Encodes documents as JSON text whatever they hold: nothing that an agent records may throw back into it. */
import { configure } from 'safe-stable-stringify';
import { isObject, readField, type Fields } from '../check/safe-read.js';

/**
 * JSON text of an object. Fast when `JSON.stringify` can do it; else BigInts become decimal strings, cycles
 * `"[Circular]"`, and what a getter or `toJSON` withholds by throwing becomes a marker.
 *
 * @throws RangeError if the text would be longer than a JavaScript string can be.
 */
export function stringify(value: object): string {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch (error) {
    if (isTooLong(error)) throw error;
  }
  return salvage(value, SALVAGED_LEVELS) ?? '{}';
}

function isTooLong(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('string length');
}

/** The engine cuts below 1,000 levels and says so in the text; this cut must come later. */
const MAX_DEPTH = 1100;

const stringifySafely = configure({
  deterministic: false,
  circularValue: '[Circular]',
  maximumDepth: MAX_DEPTH,
});

/** A graph with cycles has more paths than nodes; without a bound some would take for ever to write out. */
const MAX_VALUES = 1_000_000;

function safeText(value: unknown): string | undefined {
  let values = 0;
  return stringifySafely(value, (_key: string, member: unknown) => {
    if (typeof member === 'bigint') return member.toString();
    if (++values > MAX_VALUES && typeof member === 'object' && member !== null)
      return '[omitted: too many values]';
    return member;
  });
}

/** Deep enough to reach one field of `result.output` in a call, so that its neighbours survive. */
const SALVAGED_LEVELS = 4;

/** Text of a value of which some part throws: looks for that part in its top levels and marks it. */
function salvage(value: unknown, levels: number): string | undefined {
  try {
    return safeText(value);
  } catch (error) {
    if (isTooLong(error)) throw error;
    return levels > 0 && isPlain(value) ? salvageFields(value, levels - 1) : marker(error);
  }
}

/** An object whose fields are what JSON would show of it. */
function isPlain(value: unknown): value is Fields {
  return isObject(value) && typeof readField(value, 'toJSON') !== 'function';
}

function salvageFields(object: Fields, levels: number): string {
  let keys: string[];
  try {
    keys = Object.keys(object);
  } catch (error) {
    return marker(error);
  }
  const fields: string[] = [];
  for (const key of keys) {
    const text = salvageField(object, key, levels);
    if (text !== undefined) fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(',')}}`;
}

function salvageField(object: Fields, key: string, levels: number): string | undefined {
  let value: unknown;
  try {
    value = object[key];
  } catch (error) {
    return marker(error);
  }
  return salvage(value, levels);
}

function marker(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return JSON.stringify(`[omitted: reading it threw ${name}]`);
}
