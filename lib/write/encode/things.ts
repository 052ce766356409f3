/**
 * Objects in lists (messages, parts, tools) that were defined, found by identity.
 *
 * That an object is the same one says nothing: its members are read and compared, each once, before it is trusted. So
 * getters and proxies, too, are written as what they answer this time.
 */
import { Eagerness } from './eagerness.js';
import type { Definition } from './definition.js';

/** An object whose members were all primitive. */
export interface Thing extends Definition {
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

/** Where remembering hasn't paid lately, one of so many is remembered all the same, to notice when it does again. */
const ONE_OF = 32;

export class Things {
  readonly #eagerness = new Eagerness();
  /** Lives as long as the caller's object, and so does what its members hold. */
  #known = new WeakMap<object, Thing>();
  #asked = 0;

  find(object: object): Thing | undefined {
    return this.#known.get(object);
  }

  hit(): void {
    this.#eagerness.hit();
  }

  /** Whether objects are to be remembered now. */
  wants(): boolean {
    this.#asked += 1;
    return this.#eagerness.isEager || this.#asked % ONE_OF === 0;
  }

  /** Remembers an object; returns how to forget it. */
  add(object: object, thing: Thing): () => void {
    this.#eagerness.spend();
    this.#known.set(object, thing);
    return () => this.#known.delete(object);
  }

  clear(): void {
    this.#known = new WeakMap();
  }
}
