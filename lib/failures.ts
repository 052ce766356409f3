/** Makes failures of writes known without ending the process: a callback, a count, one warning per code. */
import type { FailedOperation, SqliteTraceStoreOptions, StoreInfo } from '../index.js';
import type { TraceStoreError } from './errors.js';

export class Failures {
  /** How many writes failed. */
  count = 0;
  last: StoreInfo['lastError'] = null;
  readonly #onError: SqliteTraceStoreOptions['onError'];
  readonly #warned = new Set<string>();

  constructor(onError: SqliteTraceStoreOptions['onError']) {
    this.#onError = onError;
  }

  /** A write failed. */
  writeFailed(error: TraceStoreError, operation: FailedOperation): void {
    this.count++;
    this.last = { code: error.code, message: error.message, at: new Date() };
    const more = 'more of this kind are counted in info() and go to onError';
    this.#warnOnce(`write ${error.code}`, error.code, `${error.message} (${error.code}; ${more})`);
    this.#tell(error, operation);
  }

  /** A field was left out, because `redact` failed on it; the write goes on. */
  redactFailed(error: TraceStoreError, operation: FailedOperation): void {
    this.#warnOnce('redact', 'REDACT_FAILED', `${error.message} (more of this kind go to onError)`);
    this.#tell(error, operation);
  }

  /** The engine has something to say that is no failure of a write. */
  warn(code: string, message: string): void {
    this.#warnOnce(`engine ${code}`, code, message);
  }

  #tell(error: TraceStoreError, operation: FailedOperation): void {
    try {
      this.#onError?.(error, operation);
    } catch {
      // The report of a failure must not become another one.
    }
  }

  #warnOnce(kind: string, code: string, message: string): void {
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    process.emitWarning(message, { type: 'TraceStoreWarning', code });
  }
}

/** A promise that is rejected, and that nobody needs to await. */
export function softRejection(error: TraceStoreError): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}

/** Marks a promise as handled: whoever awaits it still sees the rejection. */
export function soften(promise: Promise<unknown>): void {
  promise.catch(ignore);
}

function ignore(): void {}
