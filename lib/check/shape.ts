/** Checks values against tables of fields, and says precisely what is wrong: path, found, expected. */
import { types } from 'node:util';
import { TraceStoreError } from '../errors.js';
import { isoText, timeOf } from './dates.js';
import type { Fields } from './safe-read.js';

/** What is wrong, and where below the value that was checked. */
export interface Problem {
  at: string;
  expected: string;
  found: string;
}

/** `undefined` when the value will do. `seen.nulls` is raised for each `null` that stands for an absent field. */
export type Check = (value: unknown, seen: Seen) => Problem | undefined;

export interface Seen {
  nulls: number;
}

export interface Field {
  readonly name: string;
  readonly check: Check;
  readonly required: boolean;
  /** Holds what users or models wrote: offered to `redact`, never quoted in a message. */
  readonly content: boolean;
  /** `null` means something of its own, and is kept. */
  readonly nullable: boolean;
  readonly shape?: Shape;
}

/** An object with named fields. */
export interface Shape {
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  /** Not a document but an argument: unknown keys are refused, and `null` does not mean absent. */
  readonly strict: boolean;
}

/** A document: may have fields of the caller's own. */
export function shape(fields: readonly Field[]): Shape {
  return { fields, byName: new Map(fields.map((field) => [field.name, field])), strict: false };
}

export function strictShape(fields: readonly Field[]): Shape {
  return { ...shape(fields), strict: true };
}

/**
 * Checks `value` and returns it, or a copy without the `null`s that stand for absent fields.
 *
 * @param root what messages call the value, such as `span`; `''` when its fields are the call's arguments.
 * @throws `INVALID_ARGUMENT`
 */
export function validate<T>(method: string, root: string, value: T, rules: Shape): T {
  const seen: Seen = { nulls: 0 };
  const problem = findProblem(value, rules, seen);
  if (problem !== undefined) {
    const field = root === '' ? problem.at.slice(1) : root + problem.at;
    throw invalid(method, field, problem.expected, problem.found);
  }
  return seen.nulls === 0 ? value : (withoutNulls(value as object, rules) as T);
}

/** Checks one argument that is not an object. */
export function validateArgument(method: string, name: string, value: unknown, check: Check): void {
  const problem = check(value, { nulls: 0 });
  if (problem !== undefined) throw invalid(method, name + problem.at, problem.expected, problem.found);
}

export function invalid(method: string, field: string, expected: string, found: string): TraceStoreError {
  const message = `${method}: ${field} must be ${expected}, got ${found}`;
  return new TraceStoreError('INVALID_ARGUMENT', message, { method, field });
}

export function findProblem(value: unknown, rules: Shape, seen: Seen): Problem | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { at: '', expected: 'an object', found: describe(value, false) };
  }
  const fields = rules.fields;
  for (let i = 0; i < fields.length; i++) {
    const problem = findFieldProblem(value as Fields, fields[i] as Field, rules.strict, seen);
    if (problem !== undefined) return problem;
  }
  return rules.strict ? findUnknownKey(value, rules) : undefined;
}

function findFieldProblem(document: Fields, field: Field, strict: boolean, seen: Seen): Problem | undefined {
  let value: unknown;
  try {
    value = document[field.name];
  } catch {
    return { at: `.${field.name}`, expected: 'readable', found: 'a getter that throws' };
  }
  if (value === undefined && !field.required) return undefined;
  if (value === null && !strict && (field.nullable || !field.required)) {
    if (!field.nullable) seen.nulls++;
    return undefined;
  }
  const problem = field.check(value, seen);
  if (problem === undefined) return undefined;
  // A check describes what it found with quotes; of content, only the kind and the size may be told.
  const found = field.content && problem.at === '' ? describe(value, false) : problem.found;
  return { at: `.${field.name}${problem.at}`, expected: problem.expected, found };
}

function findUnknownKey(value: object, rules: Shape): Problem | undefined {
  const key = Object.keys(value).find((name) => !rules.byName.has(name));
  if (key === undefined) return undefined;
  const names = rules.fields.map((field) => field.name).join(', ');
  return { at: `.${key}`, expected: 'absent', found: `an unknown key (known: ${names})` };
}

function withoutNulls(value: object, rules: Shape): object {
  const copy: Fields = { ...value };
  for (const field of rules.fields) {
    const part = copy[field.name];
    if (part === null && !field.nullable) delete copy[field.name];
    else if (field.shape !== undefined && typeof part === 'object' && part !== null) {
      copy[field.name] = withoutNulls(part, field.shape);
    }
  }
  return copy;
}

const QUOTED_CHARS = 40;

/** A value for a message. `quote: false` tells its kind and size only. */
export function describe(value: unknown, quote: boolean): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return describeString(value, quote);
    case 'number':
      return quote || !Number.isFinite(value) ? `number ${value}` : 'a number';
    case 'boolean':
      return quote ? `boolean ${value}` : 'a boolean';
    case 'object':
      return describeObject(value);
    case 'undefined':
      return 'undefined';
    default:
      return `a ${typeof value}`;
  }
}

function describeString(value: string, quote: boolean): string {
  if (!quote) return `a string of ${value.length} characters`;
  if (!value.isWellFormed())
    return `a string with a lone surrogate, ${JSON.stringify(value.slice(0, QUOTED_CHARS))}`;
  if (value.length <= QUOTED_CHARS) return `string ${JSON.stringify(value)}`;
  return `string ${JSON.stringify(`${value.slice(0, QUOTED_CHARS)}…`)} of ${Buffer.byteLength(value)} bytes`;
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (!types.isDate(value)) return 'an object';
  return Number.isNaN(timeOf(value)) ? 'an invalid Date' : `Date ${isoText(value)}`;
}
