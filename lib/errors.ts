/** The one error class, and how native codes become it. */
import type { TraceStoreErrorCode } from '../index.js';

const BRAND = Symbol.for('tracestore.TraceStoreError');

interface ErrorDetails {
  cause?: unknown;
  method?: string;
  field?: string;
}

export class TraceStoreError extends Error {
  declare readonly name: 'TraceStoreError';
  readonly code: TraceStoreErrorCode;
  declare readonly method?: string;
  declare readonly field?: string;

  constructor(code: TraceStoreErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    if (details.method !== undefined) this.method = details.method;
    if (details.field !== undefined) this.field = details.field;
  }

  /** A brand and not the prototype chain: bundlers and test runners load this module more than once. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== TraceStoreError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

// On the prototype, so that a printed error lists only what differs from error to error.
Object.defineProperties(TraceStoreError.prototype, {
  name: { value: 'TraceStoreError', configurable: true, writable: true },
  [BRAND]: { value: true },
});

const CODES: ReadonlySet<string> = new Set<TraceStoreErrorCode>([
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'CONFLICT',
  'CLOSED',
  'BUSY',
  'IO',
  'FULL',
  'CORRUPT',
  'SCHEMA_TOO_NEW',
  'UNSUPPORTED',
  'QUEUE_FULL',
  'TOO_LARGE',
  'INTERNAL',
]);

/** An error that native code reported as a code and a message. */
export function nativeError(method: string, code: string, message: string): TraceStoreError {
  const known = CODES.has(code) ? (code as TraceStoreErrorCode) : 'INTERNAL';
  return new TraceStoreError(known, `${method}: ${message}`, { method });
}

/**
 * Whatever was thrown, as our error; what is not ours yet is a defect. Its own message may quote what was being written
 * or read, and stays with the cause; V8's about text that is no JSON always does, and is dropped.
 */
export function asTraceStoreError(method: string, thrown: unknown): TraceStoreError {
  if (thrown instanceof TraceStoreError) return thrown;
  if (thrown instanceof SyntaxError)
    return new TraceStoreError('INTERNAL', `${method}: an answer of native code is no JSON`, { method });
  const message = `${method}: something unexpected was thrown, see the cause`;
  return new TraceStoreError('INTERNAL', message, { method, cause: thrown });
}

export function closedError(method: string): TraceStoreError {
  return new TraceStoreError('CLOSED', `${method}: the store is closed`, { method });
}

export function readonlyError(method: string): TraceStoreError {
  const message = `${method}: the store was opened with readonly: true; open it without to write`;
  return new TraceStoreError('UNSUPPORTED', message, { method });
}

export function switchedOffError(method: string): TraceStoreError {
  const message = `${method}: the store is switched off by enabled: false or ENABLE_TRACING; there is nothing to look at`;
  return new TraceStoreError('UNSUPPORTED', message, { method });
}

/** What this method says of why there is no engine. */
export function unavailableError(method: string, reason: TraceStoreError): TraceStoreError {
  return new TraceStoreError(reason.code, `${method}: ${reason.message}`, { method, cause: reason.cause });
}
