/**
 * Long texts on their way to native code: as they are, or as a reference to one that came before.
 *
 * Quotes and escapes are nine tenths of what `JSON.stringify` costs for long texts; native code puts them in, on its own
 * thread. JSON text holds no control characters, so that the marks need no escapes. src/wire/mod.rs describes the stream.
 */
import { makeRoom, Share, type Holder } from './held.js';
import { Texts, type Definition } from './texts.js';

const REFERENCE = '\u0001';
const DEFINED = '\u0002';
const TEXT = '\u0003';
/** At the start of a write: all definitions before it are dropped, and numbers begin anew. */
const DROP = '\u0004';

/** An instance's bounds; fuller tables are dropped before the next write. */
const MOST_CHARACTERS = 4 << 20;
const MOST_DEFINITIONS = 1 << 14;
/** So that an instance lets go of what nobody sends any more. */
const MOST_WRITES = 1 << 14;
/** A definition must leave room for others. */
const LARGEST = MOST_CHARACTERS / 4;

const DIGIT_BITS = 6;
const FIRST_DIGIT = 0x30;
const REFERENCE_BYTES = 4;
/** What stands before a text, and isn't in its JSON. */
const LENGTH_BYTES = 6;
const QUOTES = 2;

/** How far a write has got, for what is taken back. */
export interface Mark {
  readonly defined: number;
  readonly beyond: number;
}

export class References implements Holder {
  readonly #texts = new Texts();
  /** Bytes of the write's whole text beyond those of the text that refers; escapes of long texts aren't counted. */
  beyond = 0;
  /** The definitions of this write. */
  #new: Definition[] = [];
  #defined = 0;
  #writes = 0;
  /** Native code hasn't heard that these tables begin. */
  #isNew = true;
  #isInDoubt = false;
  /** A write is being encoded. */
  #isOpen = false;
  readonly #share = new Share(this);
  readonly #onLetGo: () => void;

  /** @param onLetGo called when nothing will be referred to any more, though nothing was written. */
  constructor(onLetGo: () => void) {
    this.#onLetGo = onLetGo;
  }

  /** Begins a write; returns what its text starts with. */
  begin(): string {
    makeRoom();
    this.#isOpen = true;
    this.#writes += 1;
    if (this.#isInDoubt || this.#isFull() || this.#writes >= MOST_WRITES) this.#drop();
    if (this.#new.length > 0) this.#new = [];
    this.beyond = this.#isNew ? -1 : 0;
    return this.#isNew ? DROP : '';
  }

  /** The write will be handed over, or else is taken back as a whole. */
  end(isHandedOver: boolean): void {
    this.#isOpen = false;
    if (isHandedOver) this.#isNew = false;
    else this.takeBack({ defined: 0, beyond: 0 });
  }

  letGo(): void {
    if (this.#isOpen || this.#isNew) return;
    this.#drop();
    this.#onLetGo();
  }

  /** Refers to nothing any more from the next write on: what native code knows is in doubt. */
  renew(): void {
    this.#isInDoubt = true;
  }

  /** Forgets all; the next write says so. */
  #drop(): void {
    this.#isInDoubt = false;
    this.#share.add(-this.#share.held);
    this.#texts.clear();
    this.#new = [];
    this.#defined = 0;
    this.#writes = 0;
    this.#isNew = true;
  }

  mark(): Mark {
    return { defined: this.#new.length, beyond: this.beyond };
  }

  /** What was defined since won't be handed over. */
  takeBack({ defined, beyond }: Mark): void {
    for (const definition of this.#new.splice(defined).toReversed()) {
      this.#texts.forget(definition);
      this.#defined -= 1;
      this.#share.add(-definition.copy.length);
    }
    this.beyond = beyond;
  }

  /** What is written for a string that may have come before. */
  text(text: string): string {
    const known = this.#texts.find(text);
    if (known !== undefined) {
      this.beyond += known.bytes + QUOTES - REFERENCE_BYTES;
      return known.reference;
    }
    // UTF-8 has nothing for half a surrogate pair, which JSON escapes.
    if (!text.isWellFormed()) return JSON.stringify(text);
    this.beyond += QUOTES - LENGTH_BYTES;
    // A text that comes the first time may never come again, and most don't.
    if (text.length > LARGEST || !this.#texts.cameBefore(text) || this.#isFull())
      return TEXT + lengthOf(text) + text;
    const definition = this.#texts.add(text, referenceTo(this.#defined));
    this.#new.push(definition);
    this.#defined += 1;
    this.#share.add(text.length);
    return DEFINED + lengthOf(text) + text;
  }

  #isFull(): boolean {
    return this.#share.held >= MOST_CHARACTERS || this.#defined >= MOST_DEFINITIONS;
  }
}

/** Three digits of six bits each, as printable characters of one byte. */
function referenceTo(number: number): string {
  return REFERENCE + String.fromCharCode(digit(number, 2), digit(number, 1), digit(number, 0));
}

function lengthOf({ length }: string): string {
  return String.fromCharCode(
    digit(length, 4),
    digit(length, 3),
    digit(length, 2),
    digit(length, 1),
    digit(length, 0),
  );
}

function digit(number: number, at: number): number {
  return FIRST_DIGIT + ((number >> (at * DIGIT_BITS)) & 63);
}
