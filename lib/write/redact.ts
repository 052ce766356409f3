/** Offers every content field of a document to the user's `redact`, before anything else sees it. */
import type { RedactWhere, SqliteTraceStoreOptions } from '../../index.js';
import { TraceStoreError } from '../errors.js';
import { isObject, read, setField, type Fields } from '../check/safe-read.js';
import type { Shape } from '../check/rules.js';

export type Redact = NonNullable<SqliteTraceStoreOptions['redact']>;

/** By the path of a required field, what takes its place where `redact` failed on it; optional ones are left out. */
export type Placeholders = Readonly<Record<string, unknown>>;

/** What `redact` is asked about a document, and who hears of its failures. */
interface Redaction {
  readonly redact: Redact;
  readonly where: Omit<RedactWhere, 'field'>;
  readonly placeholders: Placeholders;
  /** Told of each field whose value is omitted because `redact` failed. */
  readonly onFailure: (error: TraceStoreError) => void;
}

/**
 * A copy of the document with each content field replaced by what `redact` returns; keys that the contract does
 * not name count as content, at every level that it describes. The document itself stays as it is.
 */
export function redactDocument(
  document: Fields,
  rules: Shape,
  redact: Redact,
  where: Omit<RedactWhere, 'field'>,
  placeholders: Placeholders,
  onFailure: (error: TraceStoreError) => void,
): Fields {
  return redactFields(document, rules, '', { redact, where, placeholders, onFailure });
}

/** `place` is the field that holds these, and a dot. */
function redactFields(fields: Fields, rules: Shape, place: string, redaction: Redaction): Fields {
  const copy: Fields = {};
  for (const key of Object.keys(fields)) {
    const value = read(fields, key);
    const field = rules.byName.get(key);
    if (value === undefined || value === null) setField(copy, key, value);
    else if (field?.content ?? true) offer(copy, key, value, place, field !== undefined, redaction);
    else if (field?.shape === undefined || !isObject(value)) setField(copy, key, value);
    else setField(copy, key, redactFields(value, field.shape, `${place}${key}.`, redaction));
  }
  return copy;
}

function offer(
  copy: Fields,
  key: string,
  value: unknown,
  place: string,
  isNamed: boolean,
  { redact, where, placeholders, onFailure }: Redaction,
): void {
  try {
    setField(copy, key, redactValue(redact, value, { ...where, field: place + key }));
  } catch (cause) {
    if (Object.hasOwn(placeholders, place + key)) copy[key] = placeholders[place + key];
    // A key that the contract does not name is content, too.
    const name = isNamed ? key : '[an unknown key]';
    onFailure(redactError(where.method, `${where.document}.${place}${name}`, cause));
  }
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
