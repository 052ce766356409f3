/** Checks values against tables of fields, and says precisely what is wrong: path, expected, and the kind of what is there. */
import { TraceStoreError } from '../errors.js';
import type { Check, Field, Mendable, Problem, Seen, Shape, ShapeKind } from './rules.js';
import { copyFields, type Fields } from './safe-read.js';
import { kindOf, quote, QUOTED_CHARS, type Telling } from './telling.js';

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
  const problem = safely(() => findProblem(value, rules, seen), value, seen);
  if (problem !== undefined) throw problemError(method, root, problem, rules);
  if (seen.nulls === 0 && seen.mended.length === 0) return value;
  // Getters may answer otherwise this time.
  const right = repaired(value as object, rules);
  const still = right === undefined ? THROWS : findProblem(right, rules, { nulls: 0, mended: [] });
  if (still !== undefined) throw problemError(method, root, still, rules);
  for (const { problem: lost, loss } of seen.mended)
    if (loss !== undefined) onLoss?.(lossError(method, root, lost, loss, rules));
  return right as T;
}

function problemError(method: string, root: string, problem: Problem, { kind }: Shape): TraceStoreError {
  const field = root === '' ? problem.at.slice(1) : root + problem.at;
  return refusal(method, field, problem, kind === 'arguments' ? quote : kindOf);
}

function lossError(
  method: string,
  root: string,
  problem: Problem,
  loss: string,
  rules: Shape,
): TraceStoreError {
  const { message, field = '' } = problemError(method, root, problem, rules);
  const text = `${message}; ${loss}, and the rest is recorded`;
  return new TraceStoreError('INVALID_ARGUMENT', text, { method, field });
}

/** Checks a document, or an id, that is no object with named fields. */
export function validateArgument(method: string, name: string, value: unknown, check: Check): void {
  const problem = safely(check, value, { nulls: 0, mended: [] });
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
  const { nulls, mended } = seen;
  const before = mended.length;
  const wrong = safely(field.check, value, seen);
  if (wrong === undefined) {
    for (let i = before; i < mended.length; i++) mended[i] = inField(field, mended[i] as Mendable);
    return undefined;
  }
  const problem = { ...wrong, at: `.${field.name}${wrong.at}` };
  const right = field.mend?.(value);
  if (right === undefined) return problem;
  // What was noted inside of it goes with it.
  seen.nulls = nulls;
  mended.length = before;
  mended.push({ problem, loss: right.loss });
  return undefined;
}

function inField({ name }: Field, { problem, loss }: Mendable): Mendable {
  return { problem: { ...problem, at: `.${name}${problem.at}` }, loss };
}

function findUnknownKey(value: object, rules: Shape): Problem | undefined {
  const key = Object.keys(value).find((name) => !rules.byName.has(name));
  if (key === undefined) return undefined;
  const words = `an unknown key (known: ${rules.fields.map((field) => field.name).join(', ')})`;
  return rules.kind === 'arguments'
    ? { at: `.${key.slice(0, QUOTED_CHARS)}`, expected: 'absent', found: { words } }
    : { at: '', expected: 'an object with known keys', found: { words } };
}

/** `undefined` where reading it throws. */
function repaired(value: object, rules: Shape): Fields | undefined {
  try {
    return putRight(value, rules);
  } catch {
    return undefined;
  }
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
  if (mend !== undefined && safely(check, value, { nulls: 0, mended: [] }) !== undefined)
    return mend(value)?.value;
  return inner !== undefined && typeof value === 'object' && value !== null ? putRight(value, inner) : value;
}
