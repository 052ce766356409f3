/** From a call to what is encoded of it: validated, redacted, without content if so set. */
import type { WriteOptions } from '../../index.js';
import { ID } from '../check/checks.js';
import { isObject, type Fields } from '../check/safe-read.js';
import { argumentShape, invalid, validate, validateArgument } from '../check/shape.js';
import type { TraceStoreError } from '../errors.js';
import type { Settings } from '../settings.js';
import type { Call } from './call.js';
import { withoutContent } from './capture.js';
import type { Frame } from './encode/encode.js';
import { IF_VERSION_CODE, type Content, type IdName, type Operation } from './operation.js';
import { withPlainDates } from './plain-dates.js';
import { redactDocument } from './redact.js';
import { IF_VERSION } from './shape-parts.js';

/** A write as it is encoded. */
export interface Prepared {
  readonly tenantId: string;
  /** The number of the operation. */
  readonly code: number;
  readonly call: Fields;
  readonly frame: Frame;
  /** What its promise resolves to where nothing is written and all the same nothing failed. */
  readonly unwritten: unknown;
}

/** Who hears of what is left out of a write that goes on. */
export interface OnLoss {
  /** A measurement that is none. */
  readonly mended: (error: TraceStoreError) => void;
  /** A field on which `redact` failed. */
  readonly unredacted: (error: TraceStoreError) => void;
}

const OPTIONS = argumentShape([IF_VERSION]);

/** @throws `INVALID_ARGUMENT` */
export function prepare(call: Call, settings: Settings, onLoss: OnLoss): Prepared {
  const { tenantId, operation } = call;
  const { code, content, name, unify } = operation;
  const ids = validIds(call);
  const given = unify !== undefined && isObject(call.document) ? unify(call.document) : call.document;
  let document = validateDocument(operation, given, onLoss);
  if (content !== undefined) document = withoutSecrets(call, content, document as Fields, settings, onLoss);
  if (operation.complete !== undefined) document = operation.complete(document as Fields, settings);
  if (content !== undefined) document = withPlainDates(document as Fields);
  const { maxPayloadBytes: maxBytes, onOversize } = settings;
  const isAlone = isDocumentAlone(operation);
  const prepared = {
    tenantId,
    code,
    call: isAlone ? (document as Fields) : { ...ids, [name]: document, ...operation.stamp?.() },
    frame: {
      document: content?.document ?? 'trace',
      // Without content there is nothing that may be cut.
      argument: !isAlone && content !== undefined ? name : undefined,
      maxBytes,
      onOversize,
    },
    unwritten: operation.unwritten?.(document),
  };
  return call.options === undefined ? prepared : withOptions(call, prepared);
}

/** Else it stands among the method's other arguments, under its name. */
function isDocumentAlone({ ids, stamp }: Operation): boolean {
  return ids.length === 0 && stamp === undefined;
}

/** The write as one that depends on a version, if that is asked for. */
function withOptions({ operation, options }: Call, prepared: Prepared): Prepared {
  const { ifVersion } = validate(
    operation.method,
    'options',
    options as WriteOptions,
    operation.options ?? OPTIONS,
  );
  if (ifVersion === undefined) return prepared;
  const condition = { ifVersion, method: operation.wire };
  if (!isDocumentAlone(operation))
    return { ...prepared, code: IF_VERSION_CODE, call: { ...condition, ...prepared.call } };
  return {
    ...prepared,
    code: IF_VERSION_CODE,
    call: { ...condition, document: prepared.call },
    frame: { ...prepared.frame, argument: 'document' },
  };
}

function validIds({ operation, ids }: Call): Fields {
  const valid: Fields = {};
  for (let at = 0; at < operation.ids.length; at++) {
    const name = operation.ids[at] as IdName;
    validateArgument(operation.method, name, ids[at], ID);
    valid[name] = ids[at];
  }
  return valid;
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
