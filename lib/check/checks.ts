/** The checks that the tables of fields are made of. */
import { resolve } from 'node:path';
import { types } from 'node:util';
import { timeOf } from './dates.js';
import type { Check, Field, Seen, Shape } from './rules.js';
import { findProblem } from './shape.js';

/** Files with these endings are parts of another one: SQLite's, and ours. */
const RESERVED = /[^/\\]-(wal|shm|journal|live)$/;

/** SQLite takes 512 bytes, with the longest of these endings; on Windows the system has a limit of its own. */
const MAX_PATH_BYTES = process.platform === 'win32' ? Number.POSITIVE_INFINITY : 512 - '-journal'.length;

/** What {@link isDatabasePath} asks for, in words. */
export const DATABASE_PATH =
  "a well-formed string, not empty, not a URL, not ending in '-wal', '-shm', '-journal' or '-live', of at most 504 bytes when resolved";

/** Whether it can name a database; the ending and the length are those of the path behind dots and slashes. */
export function isDatabasePath(value: unknown): boolean {
  if (!isPath(value) || value.startsWith('file:')) return false;
  const path = resolve(value);
  return !RESERVED.test(path) && Buffer.byteLength(path) <= MAX_PATH_BYTES;
}

/** Whether the file system can be asked for it at all. */
export function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0') && value.isWellFormed();
}

type FieldOptions = Partial<Pick<Field, 'required' | 'content' | 'nullable' | 'mend'>>;

export function required(name: string, check: Check, options: FieldOptions = {}): Field {
  return { ...optional(name, check, options), required: true };
}

export function optional(name: string, check: Check, options: FieldOptions = {}): Field {
  return { name, check, required: false, content: false, nullable: false, ...options };
}

/** A field whose value is an object with named fields of its own. */
export function nested(name: string, rules: Shape, options: FieldOptions = {}): Field {
  const check: Check = (value, seen) => findProblem(value, rules, seen);
  return { ...optional(name, check, options), shape: rules };
}

/** A field of type `any`. */
export function anything(name: string): Field {
  return optional(name, () => undefined, { content: true, nullable: true });
}

/** A field that belongs to another method. */
export function absent(name: string, instead: string): Field {
  return optional(
    name,
    leaf(`absent (${instead})`, () => false),
    { nullable: false },
  );
}

export function leaf(expected: string, test: (value: unknown) => boolean): Check {
  return (value) => (test(value) ? undefined : { at: '', expected, found: { value } });
}

const MAX_ID_BYTES = 512;
/** A string of this many UTF-16 units has at most MAX_ID_BYTES bytes of UTF-8. */
const SURELY_SHORT = Math.floor(MAX_ID_BYTES / 3);

export function isId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    (value.length <= SURELY_SHORT || Buffer.byteLength(value) <= MAX_ID_BYTES) &&
    value.isWellFormed()
  );
}

export const ID = leaf('a well-formed string of 1 to 512 bytes', isId);

/** A name, a tag: compared and searched, so two of them must not become one. */
export const NAME = leaf(
  'a well-formed string',
  (value) => typeof value === 'string' && value.isWellFormed(),
);

/** Any text: a lone surrogate in it stays an escape. */
export const TEXT = leaf('a string', (value) => typeof value === 'string');

export const FLAG = leaf('a boolean', (value) => typeof value === 'boolean');

export const NUMBER = leaf('a finite number', Number.isFinite);

export const DURATION = leaf(
  'a finite number of milliseconds, not negative',
  (value) => Number.isFinite(value) && (value as number) >= 0,
);

export function wholeNumber(unit: string, least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return leaf(
    `a whole number of ${unit} from ${least} to ${most}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

const EARLIEST = Date.UTC(1678, 0, 1);
const LATEST = Date.UTC(2262, 0, 1);

// types.isDate and not instanceof: test runners have Dates of other realms, and fake timers replace the class.
export const DATE = leaf('a valid Date from 1678 to 2261', (value) => {
  if (!types.isDate(value)) return false;
  const time = timeOf(value);
  return time >= EARLIEST && time < LATEST;
});

export const ANY_DATE = leaf('a valid Date', (value) => types.isDate(value) && !Number.isNaN(timeOf(value)));

export const RECORD = leaf(
  'an object',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** Any value that is there. */
export const SOMETHING = leaf('a value', (value) => value !== undefined);

export function oneOf(...values: readonly unknown[]): Check {
  return leaf(enumerate(values), (value) => values.includes(value));
}

function enumerate(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  if (texts.length === 1) return texts[0] as string;
  return `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

export function listOf(item: Check, most = Number.POSITIVE_INFINITY): Check {
  const expected = most === Number.POSITIVE_INFINITY ? 'an array' : `an array of at most ${most}`;
  return (value, seen) => {
    if (!Array.isArray(value) || value.length > most) return { at: '', expected, found: { value } };
    for (let i = 0; i < value.length; i++) {
      const problem = item(value[i], seen);
      if (problem !== undefined) return { ...problem, at: `[${i}]${problem.at}` };
    }
    return undefined;
  };
}

/** Keys may be what a model wrote, too: messages count them. */
export function recordOf(item: Check): Check {
  return (value, seen: Seen) => {
    const problem = RECORD(value, seen);
    if (problem !== undefined) return problem;
    const members = Object.values(value as object);
    for (let i = 0; i < members.length; i++) {
      const wrong = item(members[i], seen);
      if (wrong !== undefined) return { ...wrong, at: `[key ${i + 1} of ${members.length}]${wrong.at}` };
    }
    return undefined;
  };
}

/** An object of one of several forms, which `expected` tells. */
export function oneOfShapes(expected: string, forms: readonly Shape[]): Check {
  return (value, seen) => {
    const wrong = RECORD(value, seen);
    if (wrong !== undefined) return { ...wrong, expected };
    const has = (form: Shape) => findProblem(value, form, { nulls: 0, mended: [] }) === undefined;
    return forms.some(has) ? undefined : { at: '', expected, found: { words: 'an object of another form' } };
  };
}

/** An object with named fields, as an item of a list. */
export function each(rules: Shape): Check {
  return (value, seen) => findProblem(value, rules, seen);
}
