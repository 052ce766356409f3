/**
 * Long texts that were defined, found by a few of their characters and compared in full.
 *
 * V8's own hash reads a fresh string whole, at the price of writing it, and is the same for all strings of one length
 * above 16,383. A slot is overwritten by the next text that falls into it, so that no look takes longer than two
 * comparisons, whatever comes.
 */

/** A text that later writes refer to. */
export interface Definition {
  readonly reference: string;
  /** Bytes of the text in UTF-8. */
  readonly bytes: number;
  /** A copy: the given string may be a slice, which keeps all of the text alive that it was cut from. */
  readonly copy: string;
  /** One of the two slots that it may be in. */
  readonly slot: number;
}

const SLOTS = 1 << 13;
/** A text falls into either of two slots that differ in the last bit. */
const OTHER = 1;

export class Texts {
  /** Made at the first use: most instances of a test never write. */
  #slots: Array<Definition | undefined> = [];
  /** Fingerprints of texts that were written once and not defined. */
  #sighted = new Int32Array(0);
  /** Of the text that was looked for last. */
  #print = 0;

  find(text: string): Definition | undefined {
    this.#print = fingerprint(text);
    const slot = this.#print & (SLOTS - 1);
    return this.#match(slot, text) ?? this.#match(slot ^ OTHER, text);
  }

  #match(slot: number, text: string): Definition | undefined {
    const known = this.#slots[slot];
    return known !== undefined && known.copy.length === text.length && known.copy === text
      ? known
      : undefined;
  }

  /** Whether the text that was looked for last, in vain, has been looked for before. */
  cameBefore(text: string): boolean {
    if (this.#sighted.length === 0) this.#sighted = new Int32Array(SLOTS);
    const at = (this.#print >>> 13) & (SLOTS - 1);
    const sight = this.#print ^ text.length;
    const again = this.#sighted[at] === sight;
    this.#sighted[at] = sight;
    return again;
  }

  /** Remembers the text that was looked for last. */
  add(text: string, reference: string): Definition {
    if (this.#slots.length === 0) this.#slots = Array.from<undefined>({ length: SLOTS });
    const slot = this.#print & (SLOTS - 1);
    const definition = { reference, bytes: Buffer.byteLength(text), copy: copyOf(text), slot };
    // The one that was there moves over, and the one that was there is forgotten.
    if (this.#slots[slot] !== undefined) this.#slots[slot ^ OTHER] = this.#slots[slot];
    this.#slots[slot] = definition;
    return definition;
  }

  forget(definition: Definition): void {
    for (const slot of [definition.slot, definition.slot ^ OTHER])
      if (this.#slots[slot] === definition) this.#slots[slot] = undefined;
  }

  clear(): void {
    this.#slots = [];
  }
}

const SAMPLES = 8;
const PRIME = 0x01000193;

/** Of the length, the ends, and characters spread over the text. */
function fingerprint(text: string): number {
  const { length } = text;
  const step = Math.floor(length / SAMPLES);
  let print = length;
  for (let at = step >> 1; at < length; at += step) print = Math.imul(print ^ text.charCodeAt(at), PRIME);
  print = Math.imul(print ^ text.charCodeAt(0), PRIME);
  print = Math.imul(print ^ text.charCodeAt(length - 1), PRIME);
  return mixed(print);
}

/** So that texts which differ in one character fall far apart: the last steps of MurmurHash3. */
function mixed(print: number): number {
  let hash = Math.imul(print ^ (print >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** A slice of a joined text holds that alone, which is no longer than a character more. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1);
}
