/** The dates of the contract as text: `JSON.stringify` asks each for its `toJSON`, which somebody may have overridden. */
import { types } from 'node:util';
import { isoText } from '../check/dates.js';
import { readField, setField, type Fields } from '../check/safe-read.js';

/** Where validation has found nothing or a valid date. */
const DATES = ['startedAt', 'completedAt', 'createdAt', 'updatedAt'];

/* oxlint-disable typescript/unbound-method -- to be compared, not called */
const { toISOString } = Date.prototype;
/** The `toJSON` that says what JSON says; none if it was overridden before this file was loaded. */
const toJSON = new Date(0).toJSON() === '1970-01-01T00:00:00.000Z' ? Date.prototype.toJSON : undefined;
/* oxlint-enable typescript/unbound-method */

/** The document itself, or a copy if JSON would ask another `toJSON`. */
export function withPlainDates(document: Fields): Fields {
  return DATES.some((name) => isOverridden(readField(document, name))) ? copyWithText(document) : document;
}

function isOverridden(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const date = value as Date;
  return date.toJSON !== toJSON || date.toISOString !== toISOString;
}

function copyWithText(document: Fields): Fields {
  const copy: Fields = {};
  for (const key of Object.keys(document)) {
    const value = readField(document, key);
    setField(copy, key, DATES.includes(key) && types.isDate(value) ? isoText(value) : value);
  }
  return copy;
}
