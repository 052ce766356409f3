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
/** Keys are few and come again and again; V8 keeps one copy of each, so that none holds a longer text alive. */
const keys = new Map<string, string>();

/** The key in its quotes, with its colon. */
export function keyText(key: string): string {
  return keys.get(key) ?? newKeyText(key);
}

function newKeyText(key: string): string {
  const text = `${stringText(key)}:`;
  if (key.length > LONGEST_KEY) return text;
  // Where keys are data (ids, paths) there is no end of them: those of before are forgotten.
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(key, text);
  return text;
}
