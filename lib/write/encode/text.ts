/** JSON text of strings, keys and numbers. */

/** What JSON escapes: controls, quote, backslash; of surrogates only lone ones, which is for JSON.stringify to say. */
// oxlint-disable-next-line no-control-regex -- these are what must be escaped
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Above it looking for escapes costs as much as writing them. */
const SHORT = 64;

export function stringText(text: string): string {
  return text.length < SHORT && !ESCAPED.test(text) ? `"${text}"` : JSON.stringify(text);
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
