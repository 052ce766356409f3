/**
 * Writes values as JSON text, each member read once: what `JSON.stringify` writes, and for what it can't the table of
 * stand-ins, markers for what throws, `"[Circular]"` for an object on its own path.
 */
import { Unescaped } from './binary.js';
import { asked, presented, toJSONOf, type Asked, type ToJSON } from './present.js';
import { Repeats } from './repeats.js';
import { keyText, numberText, stringText } from './text.js';
import { marker, read } from './thrown.js';

/** Containers inside containers that a field may have; the native side cuts there, too. */
export const MAX_DEPTH = 1000;
export const TOO_DEEP = '"[nested deeper than 1000 levels]"';
export const CIRCULAR = '"[Circular]"';

/** A field's text has become longer than any write may be. */
export class TooLong extends Error {}

/** The containers that the walk is inside of are compared one by one up to this many. */
const FEW = 32;
/** Items of a list between two looks at the length: a list may say that it has 2^53. */
const MANY = 4096;

export class Walk {
  text = '';
  readonly repeats = new Repeats();
  /** What is being written, from the field down. */
  readonly #path: object[] = [];
  readonly #onPath = new Set<object>();
  #longest = Infinity;

  /** Begins a field; its text may grow to so many UTF-16 units before {@link TooLong} is thrown. */
  begin(longest: number): void {
    this.#longest = this.text.length + longest;
    this.repeats.reset();
    this.#path.length = 0;
    this.#onPath.clear();
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
    this.text += stringText(text);
  }

  #null(): true {
    this.text += 'null';
    return true;
  }

  /** The way of nearly all objects: no `toJSON`, and a class that JSON knows. */
  #object(object: object, key: string | number): boolean {
    const toJSON = toJSONOf(object);
    if (typeof toJSON === 'function' || !isPlain(object)) return this.#asked(object, key, toJSON);
    if (Array.isArray(object)) this.#array(object, object);
    else this.#record(object, object);
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
      this.item(read(items, i), i);
    }
    this.text += ']';
    this.#leave(shown);
  }

  item(value: unknown, at: number): void {
    if (!this.value(value, at)) this.text += 'null';
  }

  #record(record: object, identity: object): void {
    const shown = this.#enter(identity);
    if (shown === undefined) return;
    const keys = keysOf(record);
    if (typeof keys === 'string') this.string(keys);
    else this.#members(record, keys);
    this.#leave(shown);
  }

  #members(record: object, keys: readonly string[]): void {
    this.text += '{';
    let separator = '';
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i] as string;
      if (this.member(separator, key, read(record, key))) separator = ',';
    }
    this.text += '}';
  }

  /** Writes a key and its value, unless JSON leaves them out. */
  member(separator: string, key: string, value: unknown): boolean {
    const before = this.text;
    this.text += separator + keyText(key);
    const written = this.value(value, key);
    if (!written) this.text = before;
    return written;
  }

  /** Notes an object as being written; writes what stands for it if it can't be. */
  #enter(object: object): ReturnType<Repeats['enter']> | undefined {
    if (this.#isOnPath(object)) this.text += CIRCULAR;
    else if (this.#path.length >= MAX_DEPTH) this.text += TOO_DEEP;
    else {
      this.#checkLength();
      this.#path.push(object);
      if (this.#path.length > FEW) this.#onPath.add(object);
      return this.repeats.enter(object);
    }
    return undefined;
  }

  #leave(shown: ReturnType<Repeats['enter']>): void {
    const left = this.#path.pop() as object;
    if (this.#path.length >= FEW) this.#onPath.delete(left);
    this.repeats.leave(shown);
  }

  #checkLength(): void {
    if (this.text.length > this.#longest) throw new TooLong();
  }

  #isOnPath(object: object): boolean {
    const path = this.#path;
    for (let i = Math.min(path.length, FEW) - 1; i >= 0; i -= 1) if (path[i] === object) return true;
    return path.length > FEW && this.#onPath.has(object);
  }
}

/** An object whose members are all that JSON shows of it. What can't say so is looked at with care. */
function isPlain(object: object): boolean {
  try {
    const prototype: unknown = Object.getPrototypeOf(object);
    return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
  } catch {
    return false;
  }
}

export function isArray(value: object): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false; // a revoked proxy; so do its keys say
  }
}

/** An object's keys, or a marker for the object. */
export function keysOf(object: object): string[] | string {
  try {
    return Object.keys(object);
  } catch (error) {
    return marker(error);
  }
}
