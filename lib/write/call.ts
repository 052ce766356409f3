/** A call of a writing method, taken apart once: which operation, which ids, which document. */
import type { FailedOperation, WriteMethod } from '../../index.js';
import { isId } from '../check/checks.js';
import { isObject, type Fields } from '../check/safe-read.js';
import { invalid } from '../check/shape.js';
import type { IdName, Operation } from './operation.js';

export interface Call {
  /** Whose the document is; `''` for what names no tenant. */
  readonly tenantId: string;
  readonly operation: Operation;
  /** What was named beside the document, in the order of the operation's ids. */
  readonly ids: readonly unknown[];
  /** What the method was given, as JSON sees it. */
  readonly document: unknown;
  /** What was given behind it. */
  readonly options: unknown;
  /** The call for reports. */
  readonly described: FailedOperation;
}

/**
 * A document with a `toJSON` is what that returns. It is asked at once, because a copy of the document would carry the
 * method along, and with it everything that was redacted.
 *
 * @throws `INVALID_ARGUMENT` if `toJSON` throws.
 */
export function takeCall(
  tenantId: string,
  operation: Operation,
  given: unknown,
  ids: readonly unknown[],
  options?: unknown,
): Call {
  const document = asPlain(operation.method, operation.name, given);
  const described = describeCall(tenantId, operation, document, ids);
  return { tenantId, operation, ids, document, options, described };
}

/** The method and the ids that a call names; what is no id may be anything, and is not told. */
export function describeCall(
  tenantId: string,
  operation: Operation,
  document: unknown,
  ids: readonly unknown[],
): FailedOperation {
  const described: FailedOperation = { method: operation.method };
  if (tenantId !== '') described.tenantId = tenantId;
  for (let at = 0; at < operation.ids.length; at++) {
    const id = ids[at];
    if (isId(id)) described[operation.ids[at] as IdName] = id;
  }
  if (operation.tells.length === 0 || !isObject(document)) return described;
  for (const key of operation.tells) {
    const id = idIn(document, key);
    if (id !== undefined) described[key] = id;
  }
  return described;
}

/** Not by a marker where it can't be read: that would pass for an id, and tell what was thrown. */
function idIn(document: Fields, key: string): string | undefined {
  try {
    const id = document[key];
    return isId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

function asPlain(method: WriteMethod, name: string, value: unknown): unknown {
  const document = value as { toJSON?: () => unknown } | null | undefined;
  try {
    if (typeof document === 'object' && typeof document?.toJSON === 'function') return document.toJSON();
  } catch {
    throw invalid(method, name, 'readable', 'a toJSON that throws');
  }
  return value;
}
