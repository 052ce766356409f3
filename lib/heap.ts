/** How much memory is left for what is read. */
import { getHeapStatistics } from 'node:v8';

/** What is left for all else, the young generation (48 MiB) above all: so much, or this part of a small heap. */
const RESERVE_BYTES = 64 * 1024 * 1024;
const RESERVED_PART = 1 / 3;

/** Of what is left then, in case our figures are too low. */
const USED_PART = 7 / 8;

/** So much may be read even where the heap seems full, for that may be garbage: a part of all that there can be. */
const LEAST_PART = 1 / 16;

/** Bytes that an answer may take. Bun's engine has no limit, and what Bun tells as one grows with the process. */
export function heapRoom(): number {
  if (process.versions['bun'] !== undefined) return Number.POSITIVE_INFINITY;
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  const left = limit - used - Math.min(RESERVE_BYTES, limit * RESERVED_PART);
  return Math.floor(Math.max(left * USED_PART, limit * LEAST_PART));
}
