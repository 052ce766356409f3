/**
 * `captureContent: false`: reduces a document by an allow list to what may be stored without content.
 *
 * What a list does not name is counted, and neither its value nor its key is kept.
 */
import { types } from 'node:util';
import { timeOf } from '../check/dates.js';
import { isObject, read, type Fields } from '../check/safe-read.js';
import { bytesIn } from './encode/binary.js';

export type Reduce = (value: unknown, captureErrors: boolean) => unknown;
export type AllowList = Readonly<Record<string, Reduce>>;

/** The document, reduced; always a fresh object. */
export function withoutContent(document: Fields, allowed: AllowList, captureErrors: boolean): Fields {
  const reduced: Fields = {};
  let omittedKeys = 0;
  for (const key of Object.keys(document)) {
    const value = read(document, key);
    if (value === undefined) continue;
    if (!Object.hasOwn(allowed, key)) omittedKeys++;
    else reduced[key] = value === null ? null : (allowed[key] as Reduce)(value, captureErrors);
  }
  if (omittedKeys > 0) reduced['omittedKeys'] = omittedKeys;
  return reduced;
}

/** A copy, of what is no object with ways of its own: what was checked is what is stored. */
export const keep: Reduce = (value, captureErrors) => {
  if (typeof value !== 'object' || value === null) return value;
  if (types.isDate(value)) return new Date(timeOf(value));
  if (!Array.isArray(value)) return omitValue(value, captureErrors);
  return Array.from({ length: value.length }, (_, at) => keep(read(value, at), captureErrors));
};

export const omitText: Reduce = (value) =>
  typeof value === 'string' ? `[omitted: string, ${value.length} chars]` : '[omitted]';

export const omitErrorText: Reduce = (value, captureErrors) =>
  captureErrors ? value : omitText(value, false);

/** The shape of a value of any type. */
export const omitValue: Reduce = (value) => {
  if (typeof value === 'string') return { omitted: 'string', length: value.length };
  if (typeof value !== 'object') return { omitted: typeof value };
  if (Array.isArray(value)) return { omitted: 'array', length: value.length };
  const bytes = bytesIn(value as object);
  if (bytes !== undefined) return { omitted: 'binary', bytes };
  return { omitted: 'object', keys: countKeys(value as object) };
};

function countKeys(value: object): number {
  try {
    return Object.keys(value).length;
  } catch {
    return 0;
  }
}

/** The members that are finite numbers, under names that the developer chose: models, scores. */
export const keepNumbers: Reduce = (value) => {
  const numbers: Fields = {};
  for (const key of Object.keys(value as object)) {
    const member = read(value as Fields, key);
    if (Number.isFinite(member)) numbers[key] = member;
  }
  return numbers;
};

export const reduceBy =
  (allowed: AllowList): Reduce =>
  (value, captureErrors) =>
    isObject(value) ? withoutContent(value, allowed, captureErrors) : omitValue(value, captureErrors);

export const MAX_METADATA_CHARS = 128;

/** What names something, unless it is too long for a name. */
export const keepName: Reduce = (value) =>
  typeof value === 'string' && value.length > MAX_METADATA_CHARS ? omitText(value, false) : value;

export const eachOf =
  (reduce: Reduce): Reduce =>
  (list, captureErrors) =>
    Array.isArray(list) ? list.map((item) => reduce(item, captureErrors)) : omitValue(list, captureErrors);
