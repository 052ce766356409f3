/** What the tables of several documents share. */
import { listOf, NAME, NUMBER, oneOf, optional, recordOf, required, wholeNumber } from '../check/checks.js';
import { errorText, leaveOut, leaveOutMembers, totalTokens } from '../check/mend.js';
import type { Field } from '../check/rules.js';
import { shape } from '../check/shape.js';
import { errorInfo } from './error-info.js';

export const CONTENT = { content: true } as const;
/** In an update `null` clears the field. */
export const CLEARABLE = { nullable: true } as const;
export const CLEARABLE_CONTENT = { content: true, nullable: true } as const;
export const ERROR_TEXT = { content: true, mend: errorText } as const;
export const ERROR = { mend: errorInfo } as const;
export const SCHEMA_VERSION = oneOf(1);
export const TAGS = listOf(NAME);
/** The option of all writes of one document. */
export const IF_VERSION = optional('ifVersion', wholeNumber('changes', 0));

/** Derived when a document is read, and ignored when that is written again; another value under this name would be lost. */
export function derivedState(...states: readonly string[]): Field {
  return optional('state', oneOf(...states), { mend: leaveOut });
}

export const COST = shape([
  required('total', NUMBER),
  optional('byModel', recordOf(NUMBER), { mend: leaveOut }),
  required('currency', NAME),
]);

/** Measurements, beside a document's other fields: a wrong one is left out. */
export const MEASURED = {
  tokens: { mend: totalTokens },
  cost: { mend: leaveOut },
  scores: { mend: leaveOutMembers(NUMBER) },
  durationMs: { mend: leaveOut },
} as const;
