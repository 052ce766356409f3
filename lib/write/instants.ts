/** Instants given in nanoseconds: they win over the milliseconds beside them. */
import { leaf } from '../check/checks.js';
import { byTime, NANOS_PER_MS, nanosIn, nanosOfDate } from '../check/event-times.js';
import { copyFields, isObject, read, type Fields } from '../check/safe-read.js';

/** Read back, it is the text. */
export const NANOS = leaf(
  'nanoseconds since the epoch, as a bigint or decimal text, from 1678 to 2261',
  (value) => nanosIn(value) !== undefined,
);

/** A span: its duration is what lies between start and end. What is no instant is left to be refused. */
export function withExactTimes(span: Fields): Fields {
  const started = nanosIn(read(span, 'startedAtNs'));
  const ended = nanosIn(read(span, 'endedAtNs'));
  if (started === undefined && ended === undefined) return span;
  const exact = copyFields(span);
  if (started !== undefined) setInstant(exact, 'startedAt', 'startedAtNs', started);
  const start = started ?? nanosOfDate(exact['startedAt']);
  if (ended === undefined || start === undefined) return exact;
  const nanos = ended - start;
  exact['durationMs'] = nanos < 0n ? 0 : Number(nanos) / Number(NANOS_PER_MS);
  exact['endedAtNs'] = nanos < 0n ? String(ended) : finer(ended);
  if (nanos < 0n) exact['clockSkew'] = true;
  return exact;
}

/** A document with one instant: a trace's start or end, an event. */
export function withExactTime(document: Fields, date: string, exactly: string): Fields {
  const nanos = nanosIn(read(document, exactly));
  if (nanos === undefined) return document;
  const exact = copyFields(document);
  setInstant(exact, date, exactly, nanos);
  return exact;
}

/** A span's events with their times, the earliest first; equal ones keep their order. */
export function withEventTimes(span: Fields): Fields {
  const events = read(span, 'events');
  if (!Array.isArray(events)) return span;
  const exact = events.map((event: unknown) =>
    isObject(event) ? withExactTime(event, 'time', 'timeNs') : event,
  );
  return { ...copyFields(span), events: byTime(exact) };
}

function setInstant(document: Fields, date: string, exactly: string, nanos: bigint): void {
  document[date] = new Date(Number(floorMs(nanos)));
  document[exactly] = finer(nanos);
}

/** Only what milliseconds don't tell. */
function finer(nanos: bigint): string | undefined {
  return nanos % NANOS_PER_MS === 0n ? undefined : String(nanos);
}

function floorMs(nanos: bigint): bigint {
  const ms = nanos / NANOS_PER_MS;
  return nanos % NANOS_PER_MS < 0n ? ms - 1n : ms;
}
