/** What a date says, whatever somebody has made of `Date.prototype` since this file was loaded, and in every realm. */

/* oxlint-disable typescript/unbound-method -- taken on purpose, and applied to a date each time */
const { getTime, toISOString } = Date.prototype;
/* oxlint-enable typescript/unbound-method */

/** Milliseconds; `NaN` for an invalid date. */
export function timeOf(date: Date): number {
  return Reflect.apply(getTime, date, []);
}

/** The date as JSON has it. */
export function isoText(date: Date): string {
  return Reflect.apply(toISOString, date, []);
}
