/**
 * Writes values as JSON text, each member read once: what `JSON.stringify` writes, and for what it can't the table of
 * stand-ins, markers for what throws, `"[Circular]"` for an object on its own path.
 */
import { Unescaped } from './binary.js';
import { CIRCULAR, MAX_DEPTH, TOO_DEEP, TooLong } from './bounds.js';
import { hasMembers, isArray, isPlain, keysOf } from './members.js';
import { Path } from './path.js';
import { asked, presented, toJSONOf, type Asked, type ToJSON } from './present.js';
import type { Mark, References } from './references.js';
import { Repeats } from './repeats.js';
import { keyText, type KeyText, numberText, stringText } from './text.js';
import { marker, read, type Fields } from '../../check/safe-read.js';

/** From so many UTF-16 units on texts are handed over as they are, or as references. */
const LONG = 64;

/** Items of a list between two looks at the length: a list may say that it has 2^53. */
const MANY = 4096;

/** Where a walk was. */
export interface WalkMark {
  readonly text: string;
  readonly references: Mark | undefined;
}

export class Walk {
  text = '';
  readonly repeats = new Repeats();
  /** What may be referred to; absent for text that is whole. */
  readonly references: References | undefined;
  readonly #path = new Path();
  #longest = Infinity;
  /** Somebody has given all objects a member. */
  #inherits = false;

  constructor(references?: References) {
    this.references = references;
  }

  mark(): WalkMark {
    return { text: this.text, references: this.references?.mark() };
  }

  /** Goes back to where the mark was made. */
  rewind({ text, references }: WalkMark): void {
    this.text = text;
    if (references !== undefined) this.references?.takeBack(references);
  }

  /** Begins a field; its text may grow to so many UTF-16 units before {@link TooLong} is thrown. */
  begin(longest: number): void {
    this.#longest = this.text.length + (this.references?.beyond ?? 0) + longest;
    this.#inherits = hasMembers(Object.prototype);
    this.repeats.reset();
    this.#path.clear();
  }

  /** Writes a value; false if JSON leaves it out. `key` is for its `toJSON`. */
  value(value: unknown, key: string | number): boolean {
    this.repeats.values += 1;
    switch (typeof value) {
      case 'string':
        this.string(value);
        return true;
      case 'number':
        this.text += numberText(value);
        return true;
      case 'boolean':
        this.text += value ? 'true' : 'false';
        return true;
      case 'undefined':
        return false;
      case 'symbol':
        this.string(String(value));
        return true;
      case 'object':
        return value === null ? this.#null() : this.#object(value, key);
      default:
        return this.#asked(value as Asked, key, toJSONOf(value as Asked));
    }
  }

  string(text: string): void {
    if (text.length < LONG || this.references === undefined) this.text += stringText(text);
    else this.text += this.references.text(text);
  }

  #null(): true {
    this.text += 'null';
    return true;
  }

  /** The way of nearly all objects: no `toJSON`, and a class that JSON knows. */
  #object(object: object, key: string | number): boolean {
    const toJSON = toJSONOf(object);
    if (typeof toJSON === 'function') return this.#asked(object, key, toJSON);
    if (isArray(object)) this.#array(object, object);
    else if (!isPlain(object)) return this.#presented(object);
    else if (this.#inherits) this.#record(object, object);
    else this.#plain(object);
    return true;
  }

  #asked(value: Asked, key: string | number, toJSON: unknown): boolean {
    const answer = typeof toJSON === 'function' ? asked(value, key, toJSON as ToJSON) : value;
    const shown = typeof value === 'object' && answer !== value ? this.repeats.enter(value) : undefined;
    const written = this.#presented(answer);
    if (shown !== undefined) this.repeats.leave(shown);
    return written;
  }

  #presented(value: unknown): boolean {
    const shown = presented(value);
    switch (typeof shown) {
      case 'function':
        return false;
      case 'object':
        break;
      default:
        this.repeats.values -= 1; // it is the same value still
        return this.value(shown, '');
    }
    if (shown === null) return this.#null();
    if (Unescaped.is(shown)) this.text += `"${shown.toJSON()}"`;
    else if (isArray(shown)) this.#array(shown, value as object);
    else this.#record(shown, value as object);
    return true;
  }

  /** `identity` is what the caller handed over, `items` what is written of it. */
  #array(items: ArrayLike<unknown>, identity: object): void {
    const length = read(items, 'length') as number;
    const shown = this.#enter(identity);
    if (shown === undefined) return;
    this.text += '[';
    for (let i = 0; i < length; i += 1) {
      if (i > 0) this.text += ',';
      if (i % MANY === 0) this.#checkLength();
      if (!this.value(read(items, i), i)) this.text += 'null';
    }
    this.text += ']';
    this.#leave(shown);
  }

  #record(record: object, identity: object): void {
    const shown = this.#enter(identity);
    if (shown === undefined) return;
    const keys = keysOf(record);
    if (typeof keys === 'string') this.string(keys);
    else this.#members(record, keys);
    this.#leave(shown);
  }

  /** An object that inherits no members; V8 reads them fastest in such a loop. */
  #plain(record: object): void {
    const shown = this.#enter(record);
    if (shown === undefined) return;
    let place: keyof KeyText = 'first';
    let isBegun = false;
    try {
      // oxlint-disable-next-line guard-for-in -- it inherits none
      for (const key in record) {
        isBegun = true;
        let value: unknown;
        try {
          value = (record as Fields)[key];
        } catch (error) {
          value = marker(error);
        }
        if (this.member(place, key, value)) place = 'later';
      }
      this.text += place === 'first' ? '{}' : '}';
    } catch (error) {
      if (isBegun) throw error;
      this.string(marker(error)); // a proxy that doesn't tell its keys
    }
    this.#leave(shown);
  }

  #members(record: object, keys: readonly string[]): void {
    let place: keyof KeyText = 'first';
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i] as string;
      if (this.member(place, key, read(record, key))) place = 'later';
    }
    this.text += place === 'first' ? '{}' : '}';
  }

  /** Writes a key and its value, unless JSON leaves them out. */
  member(place: keyof KeyText, key: string, value: unknown): boolean {
    const before = this.text;
    this.text = before + keyText(key)[place];
    const written = this.value(value, key);
    if (!written) this.text = before;
    return written;
  }

  /** Notes an object as being written; writes what stands for it if it can't be. */
  #enter(object: object): ReturnType<Repeats['enter']> | undefined {
    if (this.#path.has(object)) this.text += CIRCULAR;
    else if (this.#path.depth >= MAX_DEPTH) this.text += TOO_DEEP;
    else {
      this.#checkLength();
      this.#path.push(object);
      return this.repeats.enter(object);
    }
    return undefined;
  }

  #leave(shown: ReturnType<Repeats['enter']>): void {
    this.#path.pop();
    this.repeats.leave(shown);
  }

  #checkLength(): void {
    if (this.text.length + (this.references?.beyond ?? 0) > this.#longest) throw new TooLong();
  }
}
