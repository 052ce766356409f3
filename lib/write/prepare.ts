/** From a call to what is encoded of it: validated, redacted, without content if so set. */
import type { WriteOptions } from '../../index.js';
import { ID, optional, wholeNumber } from '../check/checks.js';
import { isObject, type Fields } from '../check/safe-read.js';
import { argumentShape, invalid, validate, validateArgument } from '../check/shape.js';
import type { TraceStoreError } from '../errors.js';
import type { Settings } from '../settings.js';
import type { Call } from './call.js';
import { withoutContent } from './capture.js';
import type { Frame } from './encode/encode.js';
import { IF_VERSION_CODE, type Content, type Operation } from './operations.js';
import { withPlainDates } from './plain-dates.js';
import { redactDocument } from './redact.js';

/** A write as it is encoded. */
export interface Prepared {
  readonly tenantId: string;
  /** The number of the operation. */
  readonly code: number;
  readonly call: Fields;
  readonly frame: Frame;
}

/** Who hears of what is left out of a write that goes on. */
export interface OnLoss {
  /** A measurement that is none. */
  readonly mended: (error: TraceStoreError) => void;
  /** A field on which `redact` failed. */
  readonly unredacted: (error: TraceStoreError) => void;
}

const OPTIONS = argumentShape([optional('ifVersion', wholeNumber('changes', 0))]);

/** @throws `INVALID_ARGUMENT` */
export function prepare(call: Call, settings: Settings, onLoss: OnLoss): Prepared {
  const { tenantId, operation, ids } = call;
  const { content, name, unify } = operation;
  operation.ids.forEach((id, at) => validateArgument(operation.method, id, ids[at], ID));
  const given = unify !== undefined && isObject(call.document) ? unify(call.document) : call.document;
  let document = validateDocument(operation, given, onLoss);
  if (content !== undefined) document = withoutSecrets(call, content, document as Fields, settings, onLoss);
  if (operation.complete !== undefined) document = operation.complete(document as Fields, settings);
  if (content !== undefined) document = withPlainDates(document as Fields);
  const { maxPayloadBytes: maxBytes, onOversize } = settings;
  const hasIds = operation.ids.length > 0;
  const prepared = {
    tenantId,
    code: operation.code,
    call: hasIds ? withIds(call, document) : (document as Fields),
    frame: {
      document: content?.document ?? 'trace',
      // Without content there is nothing that may be cut.
      argument: hasIds && content !== undefined ? name : undefined,
      maxBytes,
      onOversize,
    },
  };
  return call.options === undefined ? prepared : withOptions(call, prepared);
}

function withIds({ operation, ids }: Call, document: unknown): Fields {
  const named = Object.fromEntries(operation.ids.map((id, at) => [id, ids[at]]));
  return { ...named, [operation.name]: document, ...operation.stamp?.() };
}

/** The write as one that depends on a version, if that is asked for. */
function withOptions({ operation, options }: Call, prepared: Prepared): Prepared {
  const { ifVersion } = validate(operation.method, 'options', options as WriteOptions, OPTIONS);
  if (ifVersion === undefined) return prepared;
  const condition = { ifVersion, method: operation.wire };
  if (operation.ids.length > 0)
    return { ...prepared, code: IF_VERSION_CODE, call: { ...condition, ...prepared.call } };
  return {
    ...prepared,
    code: IF_VERSION_CODE,
    call: { ...condition, document: prepared.call },
    frame: { ...prepared.frame, argument: 'document' },
  };
}

function validateDocument({ method, name, rules }: Operation, document: unknown, onLoss: OnLoss): unknown {
  if (typeof rules !== 'function') return validate(method, name, document, rules, onLoss.mended);
  validateArgument(method, name, document, rules);
  return document;
}

/** What `redact` and `captureContent: false` leave of a document. */
function withoutSecrets(
  call: Call,
  content: Content,
  given: Fields,
  { redact, captureContent, captureErrors }: Settings,
  onLoss: OnLoss,
): Fields {
  let document = given;
  if (redact !== undefined) {
    const where = { ...call.described, document: content.document };
    document = redactDocument(
      document,
      content.rules,
      redact,
      where,
      content.placeholders,
      onLoss.unredacted,
    );
    document = validateDocument(call.operation, document, onLoss) as Fields;
  }
  if (content.allowed === undefined || captureContent) return document;
  // What was checked may have answered otherwise this time.
  const reduced = withoutContent(document, content.allowed, captureErrors);
  return validateDocument(call.operation, reduced, onLoss) as Fields;
}

export function tooLarge(
  { method, name }: Pick<Operation, 'method' | 'name'>,
  { maxPayloadBytes }: Settings,
): TraceStoreError {
  return invalid(method, name, `at most ${maxPayloadBytes} bytes of JSON (maxPayloadBytes)`, 'more');
}
