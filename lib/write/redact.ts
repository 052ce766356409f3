/** Offers every content field of a document to the user's `redact`, before anything else sees it. */
import type { RedactWhere, SqliteTraceStoreOptions } from '../../index.js';
import { TraceStoreError } from '../errors.js';
import { read, setField, type Fields } from '../check/safe-read.js';
import type { Shape } from '../check/rules.js';

export type Redact = NonNullable<SqliteTraceStoreOptions['redact']>;

/** What takes the place of a required field that `redact` failed on; optional ones are left out. */
export type Placeholders = Readonly<Record<string, unknown>>;

/**
 * A copy of the document with each content field replaced by what `redact` returns; keys that the contract does
 * not name count as content. The document itself stays as it is.
 *
 * @param onFailure told of each field whose value is omitted because `redact` failed.
 */
export function redactDocument(
  document: Fields,
  rules: Shape,
  redact: Redact,
  where: Omit<RedactWhere, 'field'>,
  placeholders: Placeholders,
  onFailure: (error: TraceStoreError) => void,
): Fields {
  const copy: Fields = {};
  for (const key of Object.keys(document)) {
    const value = read(document, key);
    const isContent = rules.byName.get(key)?.content ?? true;
    if (!isContent || value === undefined || value === null) {
      setField(copy, key, value);
      continue;
    }
    try {
      setField(copy, key, redactValue(redact, value, { ...where, field: key }));
    } catch (cause) {
      if (Object.hasOwn(placeholders, key)) copy[key] = placeholders[key];
      onFailure(redactError(where.method, `${where.document}.${key}`, cause));
    }
  }
  return copy;
}

function redactValue(redact: Redact, value: unknown, where: RedactWhere): unknown {
  const redacted = redact(value, where);
  if (!isThenable(redacted)) return redacted;
  // Nobody will await it, and its rejection must not end the process.
  Promise.resolve(redacted).catch(() => {});
  throw new TypeError('redact returned a promise; it must be synchronous');
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Fields)['then'] === 'function';
}

/** The cause's own message may quote the value, and is kept out of ours. */
function redactError(method: string, field: string, cause: unknown): TraceStoreError {
  const message = `${method}: redact failed on ${field}, its value is left out`;
  return new TraceStoreError('INVALID_ARGUMENT', message, { method, field, cause });
}
