/** The dates of the contract are dates, whatever `toJSON` somebody gave to one of them. */
import { types } from 'node:util';
import { timeOf } from '../check/dates.js';
import { copyFields, read, type Fields } from '../check/safe-read.js';

/** Where validation has found nothing or a valid date. */
const DATES = ['startedAt', 'completedAt', 'endedAt', 'createdAt', 'updatedAt'];

/** The document itself, or a copy if JSON would ask a date of it. */
export function withPlainDates(document: Fields): Fields {
  return DATES.some((name) => hasOwnWay(read(document, name))) ? copyWithPlainDates(document) : document;
}

/** The encoder knows better than `Date.prototype.toJSON`, overridden or not. */
function hasOwnWay(value: unknown): value is Date {
  return types.isDate(value) && read(value, 'toJSON') !== Date.prototype.toJSON;
}

function copyWithPlainDates(document: Fields): Fields {
  const copy = copyFields(document);
  for (const name of DATES) {
    const value = copy[name];
    if (hasOwnWay(value)) copy[name] = new Date(timeOf(value));
  }
  return copy;
}
