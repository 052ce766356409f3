/**
 * What a provider got wrong, put right: a measurement that is none is left out, so that the rest of a write isn't lost
 * for it.
 */
import { copyFields, isError, isObject, read } from './safe-read.js';
import type { Check, Mend } from './rules.js';

const LEFT_OUT = 'it is left out';

/** Where a field may be absent, so that a value which is none is simply not known. */
export const leaveOut: Mend = () => ({ value: undefined, loss: LEFT_OUT });

/** In a field that must be there. */
export const takeZero: Mend = (value) =>
  typeof value === 'number' ? { value: 0, loss: 'it is recorded as 0' } : undefined;

/** The members that pass, of all or of those with these names; the others are kept. */
export function leaveOutMembers(check: Check, names?: readonly string[]): Mend {
  return (value) => {
    if (!isObject(value)) return leaveOut(value);
    const right = copyFields(value);
    for (const key of names ?? Object.keys(right))
      if (check(right[key], { nulls: 0, mended: [] })) delete right[key];
    return { value: right, loss: LEFT_OUT };
  };
}

/** The items that pass. */
export function leaveOutItems(check: Check): Mend {
  return (value) => {
    if (!Array.isArray(value)) return leaveOut(value);
    const right = value.filter((item: unknown) => check(item, { nulls: 0, mended: [] }) === undefined);
    return { value: right, loss: LEFT_OUT };
  };
}

/** Tokens without a total have the sum. */
export const totalTokens: Mend = (value) => {
  if (!isObject(value)) return leaveOut(value);
  const tokens = copyFields(value);
  const { input, output, total } = tokens;
  if (!isNumber(input) || !isNumber(output) || !(total === undefined || total === null))
    return leaveOut(value);
  return { value: { ...tokens, total: input + output } };
};

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** An error is recorded as its text. */
export const errorText: Mend = (value) =>
  isError(value) ? { value: textOf(value, MOST_CAUSES) } : undefined;

const MOST_CAUSES = 8;

/** The stack, which begins with name and message, and those of its causes, as Node prints them. */
function textOf(error: Error, causes: number): string {
  const stack = read(error, 'stack');
  const text =
    typeof stack === 'string' && stack !== ''
      ? stack
      : `${String(read(error, 'name'))}: ${String(read(error, 'message'))}`;
  const cause = read(error, 'cause');
  return isError(cause) && causes > 0 ? `${text}\n[cause]: ${textOf(cause, causes - 1)}` : text;
}
