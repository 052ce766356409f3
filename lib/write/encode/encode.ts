/** JSON text of a call whatever it holds: nothing that an agent hands over may throw back into it, or stall it. */
import type { RedactWhere } from '../../../index.js';
import type { Fields } from '../../objects.js';
import { writeField } from './field.js';
import { cutToFit } from './oversize.js';
import { keyText } from './text.js';
import { read } from './thrown.js';
import { TooLong, Walk } from './walk.js';

/** Where the document is in a call, and how large the call may be. */
export interface Frame {
  readonly document: RedactWhere['document'];
  /** The argument that holds the document; absent when the call is the document. */
  readonly argument?: string | undefined;
  readonly maxBytes: number;
  readonly onOversize: 'cut' | 'reject';
}

/** The call is larger than it may be, and isn't or can't be cut. */
export class Oversize extends Error {}

/** UTF-8 needs at most this many bytes for a UTF-16 unit. */
const MAX_BYTES_PER_CHAR = 3;

/** @throws {Oversize} */
export function plainText(call: Fields, frame: Frame): string {
  const text = wholeText(call, frame);
  if (text !== undefined) return text;
  const cut =
    frame.onOversize === 'cut' ? cutToFit(call, frame.argument, frame.document, frame.maxBytes) : undefined;
  if (cut === undefined) throw new Oversize();
  return cut;
}

/** The text of all of the call; undefined if it is too large. */
function wholeText(call: Fields, { argument, maxBytes }: Frame): string | undefined {
  const walk = new Walk();
  try {
    writeFields(walk, call, argument, maxBytes);
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
  return fits(walk.text, maxBytes) ? walk.text : undefined;
}

/** Writes an object field by field; the document's own fields are fields, too. */
export function writeFields(walk: Walk, object: object, argument: string | undefined, longest: number): void {
  let separator = '';
  walk.text += '{';
  for (const key of Object.keys(object)) {
    const value = read(object, key);
    if (key === argument && typeof value === 'object' && value !== null) {
      walk.text += separator + keyText(key);
      writeFields(walk, value, undefined, longest);
    } else if (!writeField(walk, separator, key, value, longest)) continue;
    separator = ',';
  }
  walk.text += '}';
}

function fits(text: string, maxBytes: number): boolean {
  return text.length * MAX_BYTES_PER_CHAR <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}
