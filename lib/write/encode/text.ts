/** JSON text of strings, keys and numbers. */

/** Longer ones cost more to look through than `JSON.stringify` takes to write them. */
const SHORT = 64;

export function stringText(text: string): string {
  return text.length < SHORT && isPlainText(text) ? `"${text}"` : JSON.stringify(text);
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** Whether JSON escapes nothing in it; of surrogates only lone ones, which is for `JSON.stringify` to say. */
function isPlainText(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < SPACE || unit === QUOTE || unit === BACKSLASH) return false;
    if (unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE) return false;
  }
  return true;
}

export function numberText(value: number): string {
  return Number.isFinite(value) ? `${value}` : 'null';
}

const MOST_KEYS = 4096;
const LONGEST_KEY = 128;

/** A key in its quotes with its colon, after what comes before it: as an object's first member, and as a later one. */
export interface KeyText {
  readonly first: string;
  readonly later: string;
}

/** Keys are few and come again and again; V8 keeps one copy of each, so that none holds a longer text alive. */
const keys = new Map<string, KeyText>();

export function keyText(key: string): KeyText {
  return keys.get(key) ?? newKeyText(key);
}

function newKeyText(key: string): KeyText {
  const quoted = stringText(key);
  const text = { first: `{${quoted}:`, later: `,${quoted}:` };
  if (key.length > LONGEST_KEY) return text;
  // Where keys are data (ids, paths) there is no end of them: those of before are forgotten.
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(key, text);
  return text;
}
