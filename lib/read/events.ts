/** A span's events as they are read. */
import { isDeepStrictEqual } from 'node:util';
import { byTime } from '../check/event-times.js';
import { isObject } from '../check/safe-read.js';

/** With a date for the text of each time, which was checked when it was written. Copies: spans share the texts of events. */
export function withDates(events: readonly unknown[]): unknown[] {
  return events.map((event) =>
    isObject(event) && typeof event['time'] === 'string'
      ? { ...event, time: new Date(event['time']) }
      : event,
  );
}

/**
 * Those that a span gives and those that were added, by time. One that both have stands once: a span that was read, and so
 * gives what was added, may be written again.
 */
export function withAdded(given: unknown, added: readonly unknown[]): unknown[] {
  const own: unknown[] = Array.isArray(given) ? given : [];
  const unmatched = new Map<string, unknown[]>();
  for (const event of own) {
    const alike = unmatched.get(nameOf(event));
    if (alike === undefined) unmatched.set(nameOf(event), [event]);
    else alike.push(event);
  }
  const events = own.concat(added.filter((event) => !takeEqual(unmatched.get(nameOf(event)), event)));
  return byTime(withDates(events));
}

/** Few have the same, so that few are compared. */
function nameOf(event: unknown): string {
  return isObject(event) ? JSON.stringify([event['time'], event['timeNs'], event['name']]) : '';
}

/** Whether there was an equal one, which is not found again. */
function takeEqual(events: unknown[] | undefined, wanted: unknown): boolean {
  const at = events?.findIndex((event) => isDeepStrictEqual(event, wanted)) ?? -1;
  if (at >= 0) events?.splice(at, 1);
  return at >= 0;
}
