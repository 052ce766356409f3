/** How much memory is left for what is read. */
import { getHeapStatistics } from 'node:v8';

/** What is left for all else: garbage that is not yet collected, the young generation, what our figures miss. */
const RESERVE_BYTES = 64 * 1024 * 1024;
const RESERVED_PART = 1 / 4;

/** So much may be read even where the heap seems full, which may be garbage: a part of all that there can be. */
const LEAST_PART = 1 / 16;

/** Bytes that an answer may take. */
export function heapRoom(): number {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  const left = limit - used - Math.min(RESERVE_BYTES, limit * RESERVED_PART);
  return Math.floor(Math.max(left * (1 - RESERVED_PART), limit * LEAST_PART));
}
