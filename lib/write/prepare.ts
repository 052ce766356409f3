/** From a call to the text that is handed over: validated, redacted, without content if so set, encoded. */
import { ID } from '../check/checks.js';
import type { Fields } from '../check/safe-read.js';
import { invalid, validate, validateArgument } from '../check/shape.js';
import type { TraceStoreError } from '../errors.js';
import type { Settings } from '../settings.js';
import type { Call } from './call.js';
import { withoutContent } from './capture.js';
import type { Content, Operation } from './operations.js';
import { MAX_BYTES_PER_CHAR } from './pool.js';
import { withPlainDates } from './plain-dates.js';
import { redactDocument } from './redact.js';
import { stringify } from './stringify.js';

/**
 * The value to encode for a call.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function prepare(
  call: Call,
  settings: Settings,
  onRedactFailure: (error: TraceStoreError) => void,
): object {
  const { operation, traceId } = call;
  if (operation.isOfTrace) validateArgument(operation.method, 'traceId', traceId, ID);
  let document = validateDocument(operation, call.document);
  if (operation.content !== undefined) {
    document = withoutSecrets(call, operation.content, document as Fields, settings, onRedactFailure);
  }
  if (operation.complete !== undefined) document = operation.complete(document as Fields, settings);
  if (operation.content !== undefined) document = withPlainDates(document as Fields);
  return operation.isOfTrace
    ? { traceId, [operation.name]: document, ...operation.stamp?.() }
    : (document as Fields);
}

function validateDocument({ method, name, rules }: Operation, document: unknown): unknown {
  if (typeof rules !== 'function') return validate(method, name, document, rules);
  validateArgument(method, name, document, rules);
  return document;
}

/** What `redact` and `captureContent: false` leave of a document. */
function withoutSecrets(
  call: Call,
  content: Content,
  given: Fields,
  { redact, captureContent, captureErrors }: Settings,
  onRedactFailure: (error: TraceStoreError) => void,
): Fields {
  let document = given;
  if (redact !== undefined) {
    const where = { ...call.described, document: content.document };
    document = redactDocument(document, content.rules, redact, where, content.placeholders, onRedactFailure);
    document = validateDocument(call.operation, document) as Fields;
  }
  if (content.allowed === undefined || captureContent) return document;
  return withoutContent(document, content.allowed, captureErrors);
}

/** @throws `INVALID_ARGUMENT` if the text is larger than `maxPayloadBytes`. */
export function encode(operation: Operation, value: object, maxPayloadBytes: number): string {
  let text: string;
  try {
    text = stringify(value);
  } catch (error) {
    if (error instanceof RangeError)
      throw tooLarge(operation, maxPayloadBytes, 'more than a string can hold');
    throw error;
  }
  if (text.length * MAX_BYTES_PER_CHAR <= maxPayloadBytes) return text;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxPayloadBytes) throw tooLarge(operation, maxPayloadBytes, `${bytes} bytes`);
  return text;
}

function tooLarge({ method, name }: Operation, allowed: number, found: string): TraceStoreError {
  return invalid(method, name, `at most ${allowed} bytes of JSON (maxPayloadBytes)`, found);
}
