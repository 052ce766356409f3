/** What all methods of a store share: writing, asking, jobs, and the end. */
import {
  closedError,
  asTraceStoreError,
  nativeError,
  readonlyError,
  switchedOffError,
  unavailableError,
  type TraceStoreError,
} from './errors.js';
import { heapRoom } from './heap.js';
import { Failures, soften, softRejection } from './failures.js';
import { loadAddon } from './native/load.js';
import type { ErrorAnswer, NativeAnswer, NativeJob } from './native/module.js';
import type { Settings } from './settings.js';
import type { BatchReceipt, FailedOperation } from '../index.js';
import { prepareBatch } from './write/batch.js';
import { describeCall, takeCall, type Call } from './write/call.js';
import { Oversize } from './write/encode/encode.js';
import type { Operation } from './write/operation.js';
import { Outbox } from './write/outbox.js';
import { prepare, tooLarge, type OnLoss, type Prepared } from './write/prepare.js';

const DONE = Promise.resolve();

const NO_IDS: readonly unknown[] = [];

function softened<T>(promise: Promise<T>): Promise<T> {
  soften(promise);
  return promise;
}

/** How often a read is tried whose answer finds no room when it comes. */
const ATTEMPTS = 3;

/** The parts of an answer, each taken and parsed when it is asked for, so that no text is kept longer than that takes. */
function* partsOf<Part extends object>(method: string, answer: string | NativeAnswer): Generator<Part> {
  if (typeof answer === 'string') {
    yield parsePart(method, answer) as Part;
    return;
  }
  for (let text = answer.next(); text !== null; text = answer.next()) yield parsePart(method, text) as Part;
}

function parsePart(method: string, text: string): object {
  const part = parseText(method, text) as object | ErrorAnswer;
  if ('error' in part) throw nativeError(method, part.error.code, part.error.message);
  return part;
}

/** Native code keeps stored texts apart but looks into none; what the parser says of a bad one would quote it. */
function parseText(method: string, text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw nativeError(method, 'CORRUPT', 'a stored text is no JSON; restore the file from a backup');
  }
}

export class Core {
  readonly settings: Settings;
  readonly failures: Failures;
  #outbox: Outbox | undefined;
  /** Why there can be no outbox; a missing addon does not appear while the process runs. */
  #unavailable: TraceStoreError | undefined;
  #closing: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
    this.failures = new Failures(settings.onError);
  }

  /**
   * Validates, encodes and accepts a call before it returns; whatever goes wrong comes with the promise, which resolves
   * to the write's receipt, if it has one.
   */
  write<Receipt = void>(
    tenantId: string,
    operation: Operation,
    document: unknown,
    ids: readonly unknown[] = NO_IDS,
    options?: unknown,
  ): Promise<Receipt> {
    let call: Call | undefined;
    try {
      this.refuseClosed(operation.method);
      if (!this.settings.enabled) return Promise.resolve(operation.unwritten?.(document) as Receipt);
      if (this.settings.readonly) throw readonlyError(operation.method);
      call = takeCall(tenantId, operation, document, ids, options);
      const { described } = call;
      const prepared = prepare(call, this.settings, this.#onLoss(described));
      return this.#send(prepared, described, operation) as Promise<Receipt>;
    } catch (thrown) {
      const error = asTraceStoreError(operation.method, thrown);
      this.failures.writeFailed(error, call?.described ?? describeCall(tenantId, operation, document, ids));
      return softRejection(error);
    }
  }

  /** The same of several documents at once, in lists by their nouns. */
  writeBatch<Receipt>(
    tenantId: string,
    method: 'batchCreate' | 'addLinks',
    lists: object,
    told: (receipts: BatchReceipt) => Receipt,
  ): Promise<Receipt> {
    const described: FailedOperation = { method, ...(tenantId !== '' && { tenantId }) };
    try {
      this.refuseClosed(method);
      if (this.settings.readonly && this.settings.enabled) throw readonlyError(method);
      const batch = prepareBatch(tenantId, method, lists, this.settings, this.#onLoss);
      const sent = this.settings.enabled
        ? this.#send(batch, described, { method, name: 'batch' })
        : Promise.resolve();
      return softened(sent.then((answer) => told(batch.receipts(answer) as unknown as BatchReceipt)));
    } catch (thrown) {
      const error = asTraceStoreError(method, thrown);
      this.failures.writeFailed(error, described);
      return softRejection(error);
    }
  }

  /**
   * What native code answers to a query, part by part; `undefined` if the store is switched off, and `query`, which
   * checks the arguments, is not called then.
   */
  async ask<Part extends object>(method: string, query: () => object): Promise<Iterable<Part> | undefined> {
    this.refuseClosed(method);
    return this.settings.enabled ? this.#ask<Part>(method, query()) : undefined;
  }

  startJob(method: string, job: object): NativeJob {
    this.refuseClosed(method);
    if (!this.settings.enabled) throw switchedOffError(method);
    const outbox = this.#open(method);
    try {
      return outbox.startJob(JSON.stringify(job));
    } catch (error) {
      throw asTraceStoreError(method, error);
    }
  }

  flush(): Promise<void> {
    if (this.#closing !== undefined) return softRejection(closedError('flush'));
    return this.#outbox?.flush() ?? DONE;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    soften(this.#closing);
    return this.#closing;
  }

  refuseClosed(method: string): void {
    if (this.#closing !== undefined) throw closedError(method);
  }

  readonly #onLoss = (described: FailedOperation): OnLoss => ({
    mended: (error) => this.failures.leftOut(error, described, 'MEASUREMENT_LEFT_OUT'),
    unredacted: (error) => this.failures.leftOut(error, described, 'REDACT_FAILED'),
  });

  #send(
    prepared: Prepared,
    described: FailedOperation,
    operation: Pick<Operation, 'method' | 'name'>,
  ): Promise<unknown> {
    try {
      return this.#open(operation.method).send(prepared, described);
    } catch (error) {
      throw error instanceof Oversize ? tooLarge(operation, this.settings) : error;
    }
  }

  async #ask<Part extends object>(method: string, query: object): Promise<Iterable<Part>> {
    try {
      return partsOf<Part>(method, await this.#askWithRoom(method, query));
    } catch (error) {
      throw asTraceStoreError(method, error);
    }
  }

  /** The answer was bounded when it was asked for, and the heap may have filled since: then it is asked for anew. */
  async #askWithRoom(method: string, query: object): Promise<string | NativeAnswer> {
    for (let left = ATTEMPTS; left > 0; left--) {
      const text = JSON.stringify({ ...query, budget: heapRoom() });
      // oxlint-disable-next-line no-await-in-loop -- each attempt follows from the one before
      const answer = await this.#open(method).read(text);
      if (typeof answer === 'string' || answer.size() <= heapRoom()) return answer;
    }
    throw nativeError(method, 'TOO_LARGE', 'other work takes the memory that the answer needs; ask again');
  }

  async #close(): Promise<void> {
    const outbox = this.#outbox;
    this.#outbox = undefined;
    await outbox?.close().catch((error: unknown) => {
      throw asTraceStoreError('close', error);
    });
  }

  /** The outbox, made at the first use: until then no addon is loaded and no file touched. */
  #open(method: string): Outbox {
    if (this.#unavailable !== undefined) throw unavailableError(method, this.#unavailable);
    if (this.#outbox !== undefined) return this.#outbox;
    try {
      const addon = loadAddon(this.settings.nativeBinding);
      this.#outbox = new Outbox(addon, this.settings, this.failures);
      return this.#outbox;
    } catch (error) {
      this.#unavailable = asTraceStoreError(method, error);
      throw unavailableError(method, this.#unavailable);
    }
  }
}
