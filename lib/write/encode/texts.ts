/**
 * Long texts that were defined, found by a few of their characters and compared in full.
 *
 * V8's own hash reads a fresh string whole, at the price of writing it, and is the same for all strings of one length
 * above 16,383. A slot is overwritten by the next text that falls into it, so that no look takes longer than two
 * comparisons, whatever comes.
 */
import { Eagerness } from './eagerness.js';
import type { Definition } from './definition.js';

const SLOTS = 1 << 13;
/** A text falls into either of two slots that differ in the last bit. */
const OTHER = 1;

interface Known extends Definition {
  /** A copy: the given string may be a slice, which keeps all of the text alive that it was cut from. */
  readonly copy: string;
}

export class Texts {
  readonly #eagerness = new Eagerness();
  /** Made at the first use: most instances of a test never write. */
  #slots: Array<Known | undefined> = [];
  /** Fingerprints of texts that were written and not defined; one that comes again is worth it. */
  #sighted = new Int32Array(0);
  /** Of the text that was looked for last. */
  #print = 0;

  find(text: string): Definition | undefined {
    this.#print = fingerprint(text);
    const at = this.#print & (SLOTS - 1);
    const known = this.#match(at, text) ?? this.#match(at ^ OTHER, text);
    if (known !== undefined) this.#eagerness.hit();
    return known;
  }

  #match(at: number, text: string): Known | undefined {
    const known = this.#slots[at];
    return known !== undefined && known.copy.length === text.length && known.copy === text
      ? known
      : undefined;
  }

  /** Whether the text that was looked for in vain is to be defined: while that has paid lately, or at its second sight. */
  wants(text: string): boolean {
    if (this.#eagerness.isEager) return true;
    if (this.#sighted.length === 0) this.#sighted = new Int32Array(SLOTS);
    const at = (this.#print >>> 13) & (SLOTS - 1);
    const mark = this.#print ^ text.length;
    const again = this.#sighted[at] === mark;
    this.#sighted[at] = mark;
    return again;
  }

  /** Remembers the text that was looked for last; returns how to forget it. */
  add(text: string, json: string, definition: Definition): () => void {
    this.#eagerness.spend();
    const home = this.#print & (SLOTS - 1);
    const at = this.#slots[home] === undefined ? home : home ^ OTHER;
    if (this.#slots.length === 0) this.#slots = Array.from<undefined>({ length: SLOTS });
    // The older one moves over, and the one that was there is forgotten.
    if (at !== home && this.#slots[at] !== undefined) this.#slots[home] = this.#slots[at];
    const isUnescaped = json.length === text.length + 2;
    const copy = isUnescaped ? json.slice(1, -1) : (JSON.parse(json) as string);
    const known = { ...definition, copy };
    this.#slots[at] = known;
    return () => {
      if (this.#slots[at] === known) this.#slots[at] = undefined;
      else if (this.#slots[at ^ OTHER] === known) this.#slots[at ^ OTHER] = undefined;
    };
  }

  clear(): void {
    this.#slots = [];
  }
}

const SAMPLES = 12;
const PRIME = 0x01000193;

/** Of the length, the ends, and characters spread over the text. */
function fingerprint(text: string): number {
  const { length } = text;
  let print = length;
  const step = Math.max(1, Math.floor(length / SAMPLES));
  for (let at = step >> 1; at < length; at += step) print = Math.imul(print ^ text.charCodeAt(at), PRIME);
  print = Math.imul(print ^ text.charCodeAt(0), PRIME);
  print = Math.imul(print ^ text.charCodeAt(length - 1), PRIME);
  return print ^ (print >>> 15);
}
