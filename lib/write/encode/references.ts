/**
 * What an instance has written before and may refer to: the definitions of one generation, and what each costs.
 *
 * A definition is JSON text between two marks, written where it stands; it gets the next number when it ends. JSON text
 * holds no control characters, so that the marks need no escapes. src/wire/mod.rs describes the stream.
 */
import type { Definition } from './definition.js';
import { Texts } from './texts.js';
import { Things, type Thing } from './things.js';

const REFERENCE = '\u0001';
const DEFINE = '\u0002';
const DEFINED = '\u0003';
/** At the start of a write: all definitions before it are dropped, and numbers begin anew. */
const GENERATION = '\u0004';

/** A generation's bounds; a fuller one is dropped before the next write. */
const MOST_BYTES = 4 << 20;
const MOST_DEFINITIONS = 1 << 14;
/** So that an instance lets go of what nobody sends any more. */
const MOST_WRITES = 1 << 14;
/** A definition must leave room for others. */
const LARGEST = MOST_BYTES / 4;

const DIGIT_BITS = 6;
const FIRST_DIGIT = 0x30;
const REFERENCE_BYTES = 4;

/** How far a write has got, for what is taken back. */
export interface Mark {
  readonly defined: number;
  readonly beyond: number;
}

export class References {
  readonly texts = new Texts();
  readonly things = new Things();
  /** Bytes of the write's whole text beyond those of the text that refers. */
  beyond = 0;
  /** How each definition of this write is forgotten. */
  #taken: Array<{ bytes: number; forget: () => void }> = [];
  #defined = 0;
  #bytes = 0;
  #writes = 0;
  /** Native code hasn't heard of this generation. */
  #isNew = true;

  /** Begins a write; returns what its text starts with. */
  begin(): string {
    this.#writes += 1;
    if (this.#bytes >= MOST_BYTES || this.#defined >= MOST_DEFINITIONS || this.#writes >= MOST_WRITES)
      this.renew();
    this.#taken = [];
    this.beyond = this.#isNew ? -1 : 0;
    return this.#isNew ? GENERATION : '';
  }

  /** The write will be handed over. */
  end(): void {
    this.#isNew = false;
    this.#taken = [];
  }

  /** Forgets all; the next write says so. */
  renew(): void {
    this.texts.clear();
    this.things.clear();
    this.#taken = [];
    this.#defined = 0;
    this.#bytes = 0;
    this.#writes = 0;
    this.#isNew = true;
  }

  mark(): Mark {
    return { defined: this.#taken.length, beyond: this.beyond };
  }

  /** What was defined since won't be handed over. */
  takeBack({ defined, beyond }: Mark): void {
    for (const { bytes, forget } of this.#taken.splice(defined).toReversed()) {
      forget();
      this.#bytes -= bytes;
      this.#defined -= 1;
    }
    this.beyond = beyond;
  }

  /** JSON text of a string that may have come before. */
  text(text: string): string {
    const known = this.texts.find(text);
    if (known !== undefined) return this.refer(known);
    const json = JSON.stringify(text);
    if (json.length > LARGEST || this.#isFull() || !this.texts.wants(text)) return json;
    const definition = this.#definition(Buffer.byteLength(json));
    const forget = this.texts.add(text, json, definition);
    return this.#define(json, definition, forget);
  }

  /** The text of a thing that was written just now, as a definition if there is room. */
  thing(thing: object, given: Omit<Thing, keyof Definition>, json: string, beyond: number): string {
    if (json.length > LARGEST || this.#isFull()) return json;
    const definition = this.#definition(Buffer.byteLength(json) + beyond);
    const forget = this.things.add(thing, { ...definition, ...given });
    return this.#define(json, definition, forget);
  }

  refer(definition: Definition): string {
    this.beyond += definition.bytes - REFERENCE_BYTES;
    return definition.reference;
  }

  #definition(bytes: number): Definition {
    return { reference: referenceTo(this.#defined), bytes };
  }

  #define(json: string, { bytes }: Definition, forget: () => void): string {
    this.#taken.push({ bytes, forget });
    this.#defined += 1;
    this.#bytes += bytes;
    this.beyond -= DEFINE.length + DEFINED.length;
    return DEFINE + json + DEFINED;
  }

  #isFull(): boolean {
    return this.#bytes >= MOST_BYTES || this.#defined >= MOST_DEFINITIONS;
  }
}

/** Three digits of six bits each, as printable characters of one byte. */
function referenceTo(number: number): string {
  const digit = (at: number): number => FIRST_DIGIT + ((number >> (at * DIGIT_BITS)) & 63);
  return REFERENCE + String.fromCharCode(digit(2), digit(1), digit(0));
}
