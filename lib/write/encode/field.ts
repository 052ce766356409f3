/** Writes one field of a document whatever it holds, so that its neighbours don't suffer from it. */
import { TooManyRepeats } from './repeats.js';
import { marker } from './thrown.js';
import { unfold } from './unfold.js';
import { TooLong } from './bounds.js';
import type { Walk } from './walk.js';

/**
 * Writes a key and its value; false if JSON leaves them out.
 *
 * @throws {TooLong} if the text would be longer than `longest` UTF-16 units.
 */
export function writeField(
  walk: Walk,
  separator: string,
  key: string,
  value: unknown,
  longest: number,
): boolean {
  const before = walk.mark();
  try {
    walk.begin(longest);
    return walk.member(separator, key, value);
  } catch (error) {
    walk.rewind(before);
    const repeats = error instanceof TooManyRepeats || (isTooLong(error) && walk.repeats.any);
    if (repeats) return writeUnfolded(walk, separator, key, value, longest);
    if (isTooLong(error)) throw new TooLong();
    walk.begin(longest);
    return walk.member(separator, key, marker(error));
  }
}

function writeUnfolded(walk: Walk, separator: string, key: string, value: unknown, longest: number): boolean {
  const before = walk.mark();
  try {
    walk.begin(longest);
    return walk.member(separator, key, unfold(value, key));
  } catch (error) {
    walk.rewind(before);
    if (isTooLong(error)) throw new TooLong();
    walk.begin(longest);
    return walk.member(separator, key, marker(error));
  }
}

/** Too long for a write, or for a string. */
function isTooLong(error: unknown): boolean {
  return error instanceof TooLong || (error instanceof RangeError && error.message.includes('string length'));
}
