/** Instants in nanoseconds, and the order of a span's events by them. */
import { types } from 'node:util';
import { timeOf } from './dates.js';
import { isObject } from './safe-read.js';

export const NANOS_PER_MS = 1_000_000n;
const EARLIEST = BigInt(Date.UTC(1678, 0, 1)) * NANOS_PER_MS;
const LATEST = BigInt(Date.UTC(2262, 0, 1)) * NANOS_PER_MS;
/** As many digits as the latest has. */
const DECIMAL = /^-?\d{1,19}$/;

/** Of a bigint or decimal text that is an instant. */
export function nanosIn(value: unknown): bigint | undefined {
  if (typeof value !== 'bigint' && !(typeof value === 'string' && DECIMAL.test(value))) return undefined;
  const nanos = BigInt(value);
  return nanos >= EARLIEST && nanos < LATEST ? nanos : undefined;
}

/** Of a valid date. */
export function nanosOfDate(value: unknown): bigint | undefined {
  if (!types.isDate(value)) return undefined;
  const ms = timeOf(value);
  return Number.isInteger(ms) ? BigInt(ms) * NANOS_PER_MS : undefined;
}

/** The earliest first; equal ones keep their order. */
export function byTime(events: readonly unknown[]): unknown[] {
  return events.toSorted((one, other) => compare(instantOf(one), instantOf(other)));
}

/** What is none has no place among the others, and is left out later. */
function instantOf(event: unknown): bigint {
  if (!isObject(event)) return LATEST;
  return nanosIn(event['timeNs']) ?? nanosOfDate(event['time']) ?? LATEST;
}

function compare(one: bigint, other: bigint): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
