/** Makes failures of writes known without ending the process: a callback, a count, one warning per code. */
import type { FailedOperation, SqliteTraceStoreOptions, StoreInfo } from '../index.js';
import type { TraceStoreError } from './errors.js';
import { drainAtExit, type Drainable } from './write/exit.js';

/** Why a field was left out, as warnings name it. */
export type LeftOut = 'REDACT_FAILED' | 'MEASUREMENT_LEFT_OUT';

export class Failures implements Drainable {
  /** How many writes failed. */
  count = 0;
  last: StoreInfo['lastError'] = null;
  readonly #onError: SqliteTraceStoreOptions['onError'];
  readonly #warned = new Set<string>();
  /** Warnings that the process will say before its next turn, if one comes. */
  readonly #unsaid = new Set<Error>();

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

  /** A field was left out; the write goes on. */
  leftOut(error: TraceStoreError, operation: FailedOperation, warning: LeftOut): void {
    this.#warnOnce(warning, warning, `${error.message} (more of this kind go to onError)`);
    this.#tell(error, operation);
  }

  /** The engine has something to say that is no failure of a write. */
  warn(code: string, message: string): void {
    this.#warnOnce(`engine ${code}`, code, message);
  }

  drainForExit(): void {
    for (const warning of this.#unsaid) {
      this.#unsaid.delete(warning);
      try {
        process.emit('warning', warning);
      } catch {
        // Of a listener of somebody else's; the stores after this one still have writes to commit.
      }
    }
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
    const warning = Object.assign(new Error(message), { name: 'TraceStoreWarning', code });
    this.#unsaid.add(warning);
    // By its parts: an Error of another realm, as test runners have them, is none to Node.
    process.emitWarning(message, { type: warning.name, code });
    const forgetExit = drainAtExit(this);
    // oxlint-disable-next-line no-restricted-properties -- the queue that the warning itself stands in, and stands still with
    process.nextTick(() => {
      this.#unsaid.delete(warning);
      forgetExit();
    });
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
