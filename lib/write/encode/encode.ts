/** JSON text of a call whatever it holds: nothing that an agent hands over may throw back into it, or stall it. */
import type { RedactWhere } from '../../../index.js';
import type { Fields } from '../../check/safe-read.js';
import { writeField } from './field.js';
import { cutToFit } from './oversize.js';
import { References } from './references.js';
import { keyText, type KeyText } from './text.js';
import { read } from '../../check/safe-read.js';
import { MAX_BYTES_PER_CHAR, TooLong } from './bounds.js';
import { Walk } from './walk.js';

/** Where the document is in a call, and how large the call may be. */
export interface Frame {
  readonly document: RedactWhere['document'];
  /** The argument that holds the document; absent when the call is the document. */
  readonly argument?: string | undefined;
  /** The call is an object of lists of documents. */
  readonly isBatch?: boolean;
  readonly maxBytes: number;
  readonly onOversize: 'cut' | 'reject';
}

/** The call is larger than it may be, and isn't or can't be cut. */
export class Oversize extends Error {}

export interface Encoded {
  readonly text: string;
  /** Bytes of the call's whole text beyond those of `text`, which may refer to earlier writes. */
  readonly beyond: number;
}

/** The encoder of one instance. What it returns must be handed over, in this order; else call `renew`. */
export class Encoder {
  readonly #references: References;
  readonly #walk: Walk;
  #isBusy = false;

  /** @param onLetGo called when no later write refers to earlier ones, though nothing was written. */
  constructor(onLetGo: () => void) {
    this.#references = new References(onLetGo);
    this.#walk = new Walk(this.#references);
  }

  /**
   * A call as text that refers to what earlier ones defined.
   *
   * @throws {Oversize}
   */
  encode(call: Fields, frame: Frame): Encoded {
    // A write inside another's getter is handed over before it, and must not build on what it has defined.
    if (this.#isBusy) return { text: plainText(call, frame), beyond: 0 };
    this.#isBusy = true;
    const walk = this.#walk;
    let isWhole = false;
    try {
      walk.text = this.#references.begin();
      isWhole = writeWhole(walk, call, frame);
      if (isWhole) return { text: walk.text, beyond: this.#references.beyond };
    } finally {
      this.#references.end(isWhole);
      walk.text = '';
      this.#isBusy = false;
    }
    return { text: cutText(call, frame), beyond: 0 };
  }

  /** Nothing is referred to any more: a write was not handed over, or native code has not understood one. */
  renew(): void {
    this.#references.renew();
  }
}

/**
 * The same without references.
 *
 * @throws {Oversize}
 */
export function plainText(call: Fields, frame: Frame): string {
  const walk = new Walk();
  return writeWhole(walk, call, frame) ? walk.text : cutText(call, frame);
}

function cutText(call: Fields, { argument, document, maxBytes, onOversize }: Frame): string {
  const cut = onOversize === 'cut' ? cutToFit(call, argument, document, maxBytes) : undefined;
  if (cut === undefined) throw new Oversize();
  return cut;
}

/** Writes all of the call; false if it is too large. */
function writeWhole(walk: Walk, call: Fields, { argument, isBatch, maxBytes }: Frame): boolean {
  try {
    if (isBatch === true) writeLists(walk, call as Record<string, Fields[]>, maxBytes);
    else writeFields(walk, call, argument, maxBytes);
  } catch (error) {
    if (error instanceof TooLong) return false;
    throw error;
  }
  const allowed = maxBytes - (walk.references?.beyond ?? 0);
  return walk.text.length * MAX_BYTES_PER_CHAR <= allowed || Buffer.byteLength(walk.text) <= allowed;
}

/** Writes an object field by field; the document's own fields are fields, too. */
export function writeFields(walk: Walk, object: object, argument: string | undefined, longest: number): void {
  let place: keyof KeyText = 'first';
  for (const key of Object.keys(object)) {
    const value = read(object, key);
    if (key === argument && typeof value === 'object' && value !== null) {
      walk.text += keyText(key)[place];
      writeFields(walk, value, undefined, longest);
    } else if (!writeField(walk, place, key, value, longest)) continue;
    place = 'later';
  }
  walk.text += place === 'first' ? '{}' : '}';
}

/** Writes lists of documents, each as if it came alone. */
function writeLists(walk: Walk, lists: Record<string, Fields[]>, longest: number): void {
  let place: keyof KeyText = 'first';
  for (const key of Object.keys(lists)) {
    walk.text += `${keyText(key)[place]}[`;
    (lists[key] as Fields[]).forEach((document, at) => {
      if (at > 0) walk.text += ',';
      writeFields(walk, document, undefined, longest);
      if (walk.text.length > longest) throw new TooLong();
    });
    walk.text += ']';
    place = 'later';
  }
  walk.text += place === 'first' ? '{}' : '}';
}
