/**
 * Writes values as JSON text, each member read once: what `JSON.stringify` writes, and for what it can't the table of
 * stand-ins, markers for what throws, `"[Circular]"` for an object on its own path.
 */
import { Unescaped } from './binary.js';
import { CIRCULAR, MAX_DEPTH, TOO_DEEP, TooLong } from './bounds.js';
import { isArray, isPlain, isUnchanged, keysOf, readOnce } from './members.js';
import { Path } from './path.js';
import { asked, presented, toJSONOf, type Asked, type ToJSON } from './present.js';
import type { Mark, References } from './references.js';
import { Repeats } from './repeats.js';
import { keyText, type KeyText, numberText, stringText } from './text.js';
import { read } from './thrown.js';

/** From so many UTF-16 units on texts and things are looked up, so that they may be written as references. */
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
  /** Whether the record that is being written has had primitive members only. */
  #isFlat = false;

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
    this.#isFlat = false;
    const toJSON = toJSONOf(object);
    if (typeof toJSON === 'function') return this.#asked(object, key, toJSON);
    if (isArray(object)) this.#array(object, object);
    else if (isPlain(object)) this.#record(object, object);
    else return this.#presented(object);
    return true;
  }

  #asked(value: Asked, key: string | number, toJSON: unknown): boolean {
    this.#isFlat = false;
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
      this.item(read(items, i), i);
    }
    this.text += ']';
    this.#leave(shown);
  }

  item(value: unknown, at: number): void {
    const { references } = this;
    if (references !== undefined && typeof value === 'object' && value !== null)
      this.#thing(references, value, at);
    else if (!this.value(value, at)) this.text += 'null';
  }

  /** An object in a list: one that was written before and has the same members is referred to. */
  #thing(references: References, object: object, at: number): void {
    this.repeats.values += 1;
    this.#isFlat = false;
    const toJSON = toJSONOf(object);
    if (typeof toJSON === 'function') {
      if (!this.#asked(object, at, toJSON)) this.text += 'null';
    } else if (isArray(object)) this.#array(object, object);
    else if (isPlain(object)) this.#flatRecord(references, object);
    else if (!this.#presented(object)) this.text += 'null';
  }

  #flatRecord(references: References, object: object): void {
    const shown = this.#enter(object);
    if (shown === undefined) return;
    const keys = keysOf(object);
    const known = references.things.find(object);
    const values: unknown[] = [];
    if (typeof keys === 'string') this.string(keys);
    else if (known === undefined && !references.things.wants()) this.#members(object, keys);
    else if (known !== undefined && isUnchanged(object, keys, known, values)) {
      references.things.hit();
      this.repeats.values += known.keys.length;
      this.text += references.refer(known);
    } else this.#defineRecord(references, object, keys, values);
    this.#leave(shown);
  }

  /** Writes a record apart, since only then it is known whether it can be defined. `values` are those read so far. */
  #defineRecord(references: References, object: object, keys: readonly string[], values: unknown[]): void {
    const before = this.text;
    const beyond = references.beyond;
    this.#longest -= before.length;
    this.#isFlat = true;
    this.text = '';
    this.#members(object, keys, values);
    const text = this.text;
    this.#longest += before.length;
    if (this.#isFlat && text.length >= LONG)
      this.text = before + references.thing(object, { keys, values }, text, references.beyond - beyond);
    else this.text = before + text;
    this.#isFlat = false;
  }

  #record(record: object, identity: object): void {
    const shown = this.#enter(identity);
    if (shown === undefined) return;
    const keys = keysOf(record);
    if (typeof keys === 'string') this.string(keys);
    else this.#members(record, keys);
    this.#leave(shown);
  }

  /** `values` are the first members' values, read before; the others are added. */
  #members(record: object, keys: readonly string[], values?: unknown[]): void {
    let place: keyof KeyText = 'first';
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i] as string;
      if (
        this.member(place, key, values === undefined ? read(record, key) : readOnce(record, key, values, i))
      )
        place = 'later';
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
