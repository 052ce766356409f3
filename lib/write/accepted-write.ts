/** A write that was accepted, and the promise that waits for what comes of it. */
import type { FailedOperation } from '../../index.js';

let resolveNew: (receipt?: unknown) => void;
let rejectNew: (error: unknown) => void;
/** One function for all promises: a closure for each would cost as much as the promise. */
function takeFunctions(resolve: (receipt?: unknown) => void, reject: (error: unknown) => void): void {
  resolveNew = resolve;
  rejectNew = reject;
}

export class AcceptedWrite {
  readonly promise = new Promise<unknown>(takeFunctions);
  readonly resolve = resolveNew;
  readonly reject = rejectNew;
  readonly operation: FailedOperation;
  /** What the promise resolves to if there is no receipt. */
  readonly unwritten: unknown;

  constructor(operation: FailedOperation, unwritten: unknown) {
    this.operation = operation;
    this.unwritten = unwritten;
  }
}
