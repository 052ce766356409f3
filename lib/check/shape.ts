/** Checks values against tables of fields, and says precisely what is wrong: path, found, expected. */
import { types } from 'node:util';
import { TraceStoreError } from '../errors.js';
import type { Check, Field, Problem, Seen, Shape } from './rules.js';
import { copyFields, type Fields } from './safe-read.js';

/** A document: may have fields of the caller's own. */
export function shape(fields: readonly Field[]): Shape {
  return { fields, byName: new Map(fields.map((field) => [field.name, field])), strict: false };
}

export function strictShape(fields: readonly Field[]): Shape {
  return { ...shape(fields), strict: true };
}

/**
 * Checks `value` and returns it, or a copy that is put right: without the `null`s that stand for absent fields, and
 * with what can be mended.
 *
 * @param root what messages call the value, such as `span`; `''` when its fields are the call's arguments.
 * @param onLoss hears what mending lost.
 * @throws `INVALID_ARGUMENT`
 */
export function validate<T>(
  method: string,
  root: string,
  value: T,
  rules: Shape,
  onLoss?: (error: TraceStoreError) => void,
): T {
  const seen: Seen = { nulls: 0, mended: [] };
  const problem = findProblem(value, rules, seen);
  if (problem !== undefined) throw problemError(method, root, problem);
  if (seen.nulls === 0 && seen.mended.length === 0) return value;
  const right = putRight(value as object, rules);
  // Getters may have answered otherwise this time.
  const still = findProblem(right, rules, { nulls: 0, mended: [] });
  if (still !== undefined) throw problemError(method, root, still);
  for (const { problem: lost, isLoss } of seen.mended) if (isLoss) onLoss?.(lossError(method, root, lost));
  return right as T;
}

function problemError(method: string, root: string, { at, expected, found }: Problem): TraceStoreError {
  return invalid(method, root === '' ? at.slice(1) : root + at, expected, found);
}

function lossError(method: string, root: string, problem: Problem): TraceStoreError {
  const { message, field = '' } = problemError(method, root, problem);
  const text = `${message}; it is left out, and the rest is recorded`;
  return new TraceStoreError('INVALID_ARGUMENT', text, { method, field });
}

/** Checks one argument that is not an object. */
export function validateArgument(method: string, name: string, value: unknown, check: Check): void {
  const problem = check(value, { nulls: 0, mended: [] });
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
  const inside: Seen = { nulls: 0, mended: [] };
  const wrong = field.check(value, inside);
  if (wrong === undefined) {
    noteInside(seen, inside, field.name);
    return undefined;
  }
  // A check describes what it found with quotes; of content, only the kind and the size may be told.
  const found = field.content && wrong.at === '' ? describe(value, false) : wrong.found;
  const problem = { at: `.${field.name}${wrong.at}`, expected: wrong.expected, found };
  const mended = field.mend?.(value);
  if (mended === undefined) return problem;
  seen.mended.push({ problem, isLoss: mended.isLoss });
  return undefined;
}

function noteInside(seen: Seen, { nulls, mended }: Seen, name: string): void {
  seen.nulls += nulls;
  for (const { problem, isLoss } of mended)
    seen.mended.push({ problem: { ...problem, at: `.${name}${problem.at}` }, isLoss });
}

function findUnknownKey(value: object, rules: Shape): Problem | undefined {
  const key = Object.keys(value).find((name) => !rules.byName.has(name));
  if (key === undefined) return undefined;
  const names = rules.fields.map((field) => field.name).join(', ');
  return { at: `.${key}`, expected: 'absent', found: `an unknown key (known: ${names})` };
}

function putRight(value: object, rules: Shape): Fields {
  const copy = copyFields(value);
  for (const field of rules.fields) {
    const given = copy[field.name];
    const right = given === null && !field.required ? nullOf(field) : mendField(given, field);
    if (right === undefined) delete copy[field.name];
    else copy[field.name] = right;
  }
  return copy;
}

/** `null` means absent, unless it means something of its own. */
function nullOf({ nullable }: Field): null | undefined {
  return nullable ? null : undefined;
}

function mendField(value: unknown, { check, mend, shape: inner }: Field): unknown {
  if (value === undefined) return undefined;
  if (mend !== undefined && check(value, { nulls: 0, mended: [] }) !== undefined) return mend(value)?.value;
  return inner !== undefined && typeof value === 'object' && value !== null ? putRight(value, inner) : value;
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
  const time = value.getTime();
  return Number.isNaN(time) ? 'an invalid Date' : `Date ${value.toISOString()}`;
}
