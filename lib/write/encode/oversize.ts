/** A document that is too large, taken apart into what must stay and what may be cut. */
import type { RedactWhere } from '../../../index.js';
import type { Fields } from '../../check/safe-read.js';
import { fit, type Piece } from './cut.js';
import { ruleIn, ruleOf, type CutRule } from './cut_rules.js';
import { writeField } from './field.js';
import { keyText, type KeyText } from './text.js';
import { read } from '../../check/safe-read.js';
import { TooLong } from './bounds.js';
import { Walk } from './walk.js';

/** A value is measured up to so many times what a write may have; `bytes` of a larger one says at least that. */
const MEASURED = 4;
const LONGEST = 2 ** 28;

/** The call's text in at most `maxBytes`; undefined if that can't be reached. `argument` names the document in the call. */
export function cutToFit(
  call: Fields,
  argument: string | undefined,
  document: RedactWhere['document'],
  maxBytes: number,
): string | undefined {
  const parts = new Parts(Math.min(LONGEST, maxBytes * MEASURED));
  const top = (key: string) => ruleOf(document, key);
  if (argument === undefined) parts.object(call, top);
  else parts.object(call, (key) => (key === argument ? top : undefined));
  return fit(parts.pieces, maxBytes);
}

type RuleOf = (key: string) => CutRule | RuleOf | undefined;

class Parts {
  readonly pieces: Piece[] = [];
  readonly #walk = new Walk();
  readonly #longest: number;

  constructor(longest: number) {
    this.#longest = longest;
  }

  object(object: object, ruleOfKey: RuleOf): void {
    let place: keyof KeyText = 'first';
    for (const key of Object.keys(object)) {
      const value = read(object, key);
      if (this.#add(keyText(key)[place], value, key, ruleOfKey(key))) place = 'later';
    }
    this.pieces.push(place === 'first' ? '{}' : '}');
  }

  #list(items: readonly unknown[], rule: CutRule): void {
    this.pieces.push('[');
    for (let i = 0; i < items.length; i += 1)
      if (!this.#add(i > 0 ? ',' : '', read(items, i), String(i), rule))
        this.pieces.push(i > 0 ? ',null' : 'null');
    this.pieces.push(']');
  }

  /** False, and nothing added, if JSON leaves the value out. */
  #add(before: string, value: unknown, key: string, rule: CutRule | RuleOf | undefined): boolean {
    if (typeof rule === 'object' || typeof rule === 'function' || rule === 'texts') {
      if (typeof value !== 'object' || value === null) return this.#whole(before, value, key);
      this.pieces.push(before);
      if (Array.isArray(rule)) this.#list(value as unknown[], (rule as readonly [CutRule])[0]);
      else this.object(value, rulesIn(rule as RuleOf));
      return true;
    }
    return rule === undefined ? this.#whole(before, value, key) : this.#cuttable(before, value, key);
  }

  #whole(before: string, value: unknown, key: string): boolean {
    const text = this.#text(value, key);
    if (text !== undefined) this.pieces.push(before + text);
    return text !== undefined;
  }

  #cuttable(before: string, value: unknown, key: string): boolean {
    const type = Array.isArray(value) ? 'array' : typeof value;
    const given = typeof value === 'string' ? { string: value } : {};
    try {
      const text = this.#text(value, key);
      if (text === undefined) return false;
      this.pieces.push(before, { text, bytes: Buffer.byteLength(text), type, ...given });
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
      this.pieces.push(before, { text: '', bytes: this.#longest, type, ...given });
    }
    return true;
  }

  #text(value: unknown, key: string): string | undefined {
    const walk = this.#walk;
    walk.text = '';
    if (!writeField(walk, 'first', key, value, this.#longest)) return undefined;
    return walk.text.slice(keyText(key).first.length);
  }
}

function rulesIn(rule: Exclude<CutRule, 'text' | 'value' | readonly [CutRule]> | RuleOf): RuleOf {
  if (typeof rule === 'function') return rule;
  if (rule === 'texts') return () => 'text';
  return (key) => ruleIn(rule, key);
}
