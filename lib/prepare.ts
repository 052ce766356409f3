/** From a call to the text that is handed over: validated, redacted, without content if so set, encoded. */
import type { FailedOperation, WriteMethod } from '../index.js';
import { withoutContent } from './capture.js';
import type { TraceStoreError } from './errors.js';
import { isObject, readField, type Fields } from './objects.js';
import type { Content, Operation } from './operations.js';
import type { Settings } from './options.js';
import { MAX_BYTES_PER_CHAR } from './pool.js';
import { redactDocument } from './redact.js';
import { stringify } from './stringify.js';
import { invalid, validate } from './validate.js';

/**
 * The value to encode for a call.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function prepare(
  operation: Operation,
  given: Fields,
  settings: Settings,
  onRedactFailure: (error: TraceStoreError) => void,
): Fields {
  const { method, root, rules, content, complete } = operation;
  let call = validate(method, root, given, rules);
  if (content !== undefined && settings.redact !== undefined) {
    const redact = settings.redact;
    const where = { ...describeCall(method, call), document: content.document };
    call = changeDocument(call, content, (document) =>
      redactDocument(document, content.rules, redact, where, content.placeholders, onRedactFailure),
    );
    call = validate(method, root, call, rules);
  }
  const allowed = content?.allowed;
  if (content !== undefined && allowed !== undefined && !settings.captureContent) {
    call = changeDocument(call, content, (document) =>
      withoutContent(document, allowed, settings.captureErrors),
    );
  }
  return complete === undefined ? call : complete(call, settings);
}

function changeDocument(call: Fields, content: Content, change: (document: Fields) => Fields): Fields {
  const argument = content.argument;
  return argument === undefined ? change(call) : { ...call, [argument]: change(call[argument] as Fields) };
}

/** @throws `INVALID_ARGUMENT` if the text is larger than `maxPayloadBytes`. */
export function encode(operation: Operation, call: Fields, maxPayloadBytes: number): string {
  let text: string;
  try {
    text = stringify(call);
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

function tooLarge({ method, root }: Operation, allowed: number, found: string): TraceStoreError {
  const name = root === '' ? 'the call' : root;
  return invalid(method, name, `at most ${allowed} bytes of JSON (maxPayloadBytes)`, found);
}

/** The call for reports: its method and the ids that it names, as far as they can be read. */
export function describeCall(method: WriteMethod, call: unknown): FailedOperation {
  const described: FailedOperation = { method };
  if (!isObject(call)) return described;
  for (const key of ['traceId', 'spanId', 'sessionId', 'snapshotId'] as const) {
    const id = readField(call, key);
    if (typeof id === 'string') described[key] = id;
  }
  return described;
}

/**
 * The call with its document as JSON sees it: what its `toJSON` returns, if it has one. Taken at once, because a
 * copy of the document would carry the method along, and with it everything that was redacted.
 */
export function asDocuments({ method, root, content }: Operation, call: Fields): Fields {
  const argument = content?.argument;
  if (argument === undefined) return asDocument(method, root, call);
  const document = call[argument];
  const plain = asDocument(method, argument, document);
  return plain === document ? call : { ...call, [argument]: plain };
}

function asDocument(method: WriteMethod, name: string, value: unknown): Fields {
  const document = value as { toJSON?: () => unknown } | null | undefined;
  try {
    if (typeof document === 'object' && typeof document?.toJSON === 'function')
      return document.toJSON() as Fields;
  } catch {
    throw invalid(method, name, 'readable', 'a toJSON that throws');
  }
  return value as Fields;
}
