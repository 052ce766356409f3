/** Checks values against tables of fields, and says precisely what is wrong: path, expected, and the kind of what is there. */
import { types } from 'node:util';
import { TraceStoreError } from '../errors.js';
import { timeOf } from './dates.js';
import { copyFields, isObject, type Fields } from './safe-read.js';

/** What is wrong, and where below the value that was checked. */
export interface Problem {
  at: string;
  expected: string;
  found: Found;
}

/** What was found: the value itself, of which no more is told than {@link Telling} allows, or words that quote nothing. */
export type Found = { readonly value: unknown } | { readonly words: string };

/** How a value is told: of documents only its kind and size, because they hold what users and models wrote. */
export type Telling = typeof kindOf | typeof quote;

/** `undefined` when the value will do. `seen.nulls` is raised for each `null` that stands for an absent field. */
export type Check = (value: unknown, seen: Seen) => Problem | undefined;

export interface Seen {
  nulls: number;
}

export interface Field {
  readonly name: string;
  readonly check: Check;
  readonly required: boolean;
  /** Holds what users or models wrote: offered to `redact`. */
  readonly content: boolean;
  /** `null` means something of its own, and is kept. */
  readonly nullable: boolean;
  readonly shape?: Shape;
}

/** An object with named fields. */
export interface Shape {
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  readonly kind: ShapeKind;
}

/**
 * A document may have fields of the caller's own. A closed document may not. Arguments are what a developer writes in
 * code: unknown keys are refused, `null` does not mean absent, and messages quote what was given.
 */
type ShapeKind = 'document' | 'closed document' | 'arguments';

export function shape(fields: readonly Field[], kind: ShapeKind = 'document'): Shape {
  return { fields, byName: new Map(fields.map((field) => [field.name, field])), kind };
}

export function closedShape(fields: readonly Field[]): Shape {
  return shape(fields, 'closed document');
}

export function argumentShape(fields: readonly Field[]): Shape {
  return shape(fields, 'arguments');
}

/**
 * Checks `value` and returns it, or a copy without the `null`s that stand for absent fields.
 *
 * @param root what messages call the value, such as `span`; `''` when its fields are the call's arguments.
 * @throws `INVALID_ARGUMENT`
 */
export function validate<T>(method: string, root: string, value: T, rules: Shape): T {
  const seen: Seen = { nulls: 0 };
  const problem = safely(() => findProblem(value, rules, seen), value, seen);
  if (problem !== undefined) {
    const field = root === '' ? problem.at.slice(1) : root + problem.at;
    throw refusal(method, field, problem, rules.kind === 'arguments' ? quote : kindOf);
  }
  return seen.nulls === 0 ? value : (withoutNulls(value as Fields, rules) as T);
}

/** Checks a document, or an id, that is no object with named fields. */
export function validateArgument(method: string, name: string, value: unknown, check: Check): void {
  const problem = safely(check, value, { nulls: 0 });
  if (problem !== undefined) throw refusal(method, name + problem.at, problem, kindOf);
}

function refusal(
  method: string,
  field: string,
  { expected, found }: Problem,
  tell: Telling,
): TraceStoreError {
  return invalid(method, field, expected, 'words' in found ? found.words : tell(found.value));
}

/** `found` is words of ours, never a value. */
export function invalid(method: string, field: string, expected: string, found: string): TraceStoreError {
  const message = `${method}: ${field} must be ${expected}, got ${found}`;
  return new TraceStoreError('INVALID_ARGUMENT', message, { method, field });
}

const THROWS: Problem = { at: '', expected: 'readable', found: { words: 'a getter that throws' } };

/** A getter or a proxy may throw at any depth, and what it throws may quote what it keeps. */
function safely(check: Check, value: unknown, seen: Seen): Problem | undefined {
  try {
    return check(value, seen);
  } catch {
    return THROWS;
  }
}

export function findProblem(value: unknown, rules: Shape, seen: Seen): Problem | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { at: '', expected: 'an object', found: { value } };
  }
  const fields = rules.fields;
  for (let i = 0; i < fields.length; i++) {
    const problem = findFieldProblem(value as Fields, fields[i] as Field, rules.kind, seen);
    if (problem !== undefined) return problem;
  }
  return rules.kind === 'document' ? undefined : findUnknownKey(value, rules);
}

function findFieldProblem(document: Fields, field: Field, kind: ShapeKind, seen: Seen): Problem | undefined {
  let value: unknown;
  try {
    value = document[field.name];
  } catch {
    return { ...THROWS, at: `.${field.name}` };
  }
  if (value === undefined && !field.required) return undefined;
  if (value === null && kind !== 'arguments' && (field.nullable || !field.required)) {
    if (!field.nullable) seen.nulls++;
    return undefined;
  }
  const problem = safely(field.check, value, seen);
  return problem && { ...problem, at: `.${field.name}${problem.at}` };
}

function findUnknownKey(value: object, rules: Shape): Problem | undefined {
  const key = Object.keys(value).find((name) => !rules.byName.has(name));
  if (key === undefined) return undefined;
  const words = `an unknown key (known: ${rules.fields.map((field) => field.name).join(', ')})`;
  return rules.kind === 'arguments'
    ? { at: `.${key.slice(0, QUOTED_CHARS)}`, expected: 'absent', found: { words } }
    : { at: '', expected: 'an object with known keys', found: { words } };
}

function withoutNulls(value: Fields, rules: Shape): Fields {
  const copy = copyFields(value);
  for (const field of rules.fields) {
    const part = copy[field.name];
    if (part === null && !field.nullable) delete copy[field.name];
    else if (field.shape !== undefined && isObject(part)) copy[field.name] = withoutNulls(part, field.shape);
  }
  return copy;
}

/** A value's kind and size. */
export function kindOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return kindOfString(value);
    case 'number':
      return kindOfNumber(value);
    case 'object':
      return kindOfObject(value);
    case 'undefined':
      return 'undefined';
    default:
      return `a ${typeof value}`;
  }
}

function kindOfString(value: string): string {
  const size = `a string of ${value.length} characters`;
  return value.isWellFormed() ? size : `${size} with a lone surrogate`;
}

function kindOfNumber(value: number): string {
  if (!Number.isFinite(value)) return `number ${value}`;
  const sign = value < 0 ? 'a negative' : 'a';
  return Number.isInteger(value) ? `${sign} number` : `${sign} number with a fraction`;
}

function kindOfObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (!types.isDate(value)) return 'an object';
  return Number.isNaN(timeOf(value)) ? 'an invalid Date' : 'a Date';
}

const QUOTED_CHARS = 40;

/** A value that a developer wrote, in short. */
export function quote(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoteString(value);
    case 'number':
    case 'boolean':
      return `${typeof value} ${value}`;
    default:
      return kindOf(value);
  }
}

function quoteString(value: string): string {
  const start = JSON.stringify(value.slice(0, QUOTED_CHARS));
  if (!value.isWellFormed()) return `a string with a lone surrogate, ${start}`;
  if (value.length <= QUOTED_CHARS) return `string ${start}`;
  return `string ${start.slice(0, -1)}…" of ${Buffer.byteLength(value)} bytes`;
}
