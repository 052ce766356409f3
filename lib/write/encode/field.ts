/** Writes one field of a document whatever it holds, so that its neighbours don't suffer from it. */
import { TooManyRepeats } from './repeats.js';
import type { KeyText } from './text.js';
import { marker } from '../../check/safe-read.js';
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
  place: keyof KeyText,
  key: string,
  value: unknown,
  longest: number,
): boolean {
  if (isScalar(value)) return walk.member(place, key, value);
  const before = walk.mark();
  try {
    walk.begin(longest);
    return walk.member(place, key, value);
  } catch (error) {
    walk.rewind(before);
    const repeats = error instanceof TooManyRepeats || (isTooLong(error) && walk.repeats.any);
    if (repeats) return writeUnfolded(walk, place, key, value, longest);
    if (isTooLong(error)) throw new TooLong();
    walk.begin(longest);
    return walk.member(place, key, marker(error));
  }
}

function writeUnfolded(
  walk: Walk,
  place: keyof KeyText,
  key: string,
  value: unknown,
  longest: number,
): boolean {
  const before = walk.mark();
  try {
    walk.begin(longest);
    return walk.member(place, key, unfold(value, key));
  } catch (error) {
    walk.rewind(before);
    if (isTooLong(error)) throw new TooLong();
    walk.begin(longest);
    return walk.member(place, key, marker(error));
  }
}

/** What can neither throw nor be without end. */
function isScalar(value: unknown): boolean {
  return (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length < LONG)
  );
}

/** A longer text may be too long for a string. */
const LONG = 1 << 16;

/** Too long for a write, or for a string. */
function isTooLong(error: unknown): boolean {
  return error instanceof TooLong || (error instanceof RangeError && error.message.includes('string length'));
}
