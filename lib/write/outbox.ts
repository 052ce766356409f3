/** Accepted writes on their way: pooled in this tick, handed over as one batch, settled when native code says so. */
import { isMainThread } from 'node:worker_threads';
import type { FailedOperation } from '../../index.js';
import { asTraceStoreError, nativeError, type TraceStoreError } from '../errors.js';
import { drainAtExit, type Drainable } from './exit.js';
import { soften, type Failures } from '../failures.js';
import type {
  ErrorAnswer,
  NativeAnswer,
  NativeJob,
  NativeModule,
  NativeStore,
  Settlement,
} from '../native/module.js';
import type { Settings } from '../settings.js';
import { Encoder, type Encoded } from './encode/encode.js';
import { AcceptedWrite } from './accepted-write.js';
import { Pool, singleOperation } from './pool.js';
import type { Prepared } from './prepare.js';

/** A batch is handed over at the end of the tick, or when it has this many bytes. */
const HAND_OVER_BYTES = 256 * 1024;

/** More are outstanding only while the loop stands still, or the disk does. */
const MANY_BATCHES = 16;

/** Timers and the other queues stand still under the fake clocks of test runners; a resolved promise does not. */
const NOW = Promise.resolve();

export class Outbox implements Drainable {
  readonly #native: NativeStore;
  readonly #pool = new Pool();
  readonly #encoder: Encoder;
  readonly #handOverBytes: number;
  readonly #exitTimeoutMs: number;
  readonly #failures: Failures;
  readonly #forgetExit: () => void;
  /** The writes in the pool. */
  #pooled: AcceptedWrite[] = [];
  /** Batches handed over and not settled, in the order of their tickets. */
  readonly #outstanding = new Map<number, AcceptedWrite[]>();
  #lastTicket = 0;
  #waiting: Array<{ upTo: number; resolve: () => void }> = [];
  #tickScheduled = false;
  #listening = false;
  /** When the process or worker thread began to end. */
  #exitBegan: number | undefined;
  #drainTimedOut = false;

  constructor(binding: NativeModule, settings: Settings, failures: Failures) {
    this.#native = new binding.NativeStore(settings.engine, this.#pool.buffer);
    this.#encoder = new Encoder(this.#forgetDefinitions);
    this.#handOverBytes = Math.min(HAND_OVER_BYTES, settings.maxQueueBytes);
    this.#exitTimeoutMs = settings.exitTimeoutMs;
    this.#failures = failures;
    this.#forgetExit = drainAtExit(this);
  }

  /**
   * Encodes and accepts a write; the promise settles when it is committed, with its receipt if it has one, or has
   * failed.
   *
   * @throws {Oversize}
   */
  send({ tenantId, code, call, frame, unwritten }: Prepared, operation: FailedOperation): Promise<unknown> {
    const encoded = this.#encoder.encode(call, frame);
    const write = new AcceptedWrite(operation, unwritten);
    if (this.#pool.append(tenantId, code, encoded)) {
      this.#pooled.push(write);
    } else {
      this.#handOver();
      this.#pooled.push(write);
      if (!this.#pool.append(tenantId, code, encoded)) this.#handOverAlone(tenantId, code, encoded);
    }
    if (this.#exitBegan !== undefined) this.#drain(this.#exitBegan);
    else if (this.#pool.expanded >= this.#handOverBytes) this.#handOver();
    else if (!this.#tickScheduled) this.#scheduleTick();
    return write.promise;
  }

  /** The answer to a query, which sees every write accepted before it. */
  read(query: string): Promise<string | NativeAnswer> {
    this.#handOver();
    return this.#native.read(query);
  }

  /** Begins a job, which sees every write accepted before it. */
  startJob(job: string): NativeJob {
    this.#handOver();
    return this.#native.startJob(job);
  }

  /** Resolves when every write accepted so far is settled. */
  flush(): Promise<void> {
    this.#handOver();
    if (this.#outstanding.size === 0) return NOW;
    const upTo = this.#lastTicket;
    return new Promise((resolve) => this.#waiting.push({ upTo, resolve }));
  }

  /** Flushes and lets go of the engine; jobs end at once. */
  async close(): Promise<void> {
    this.#native.cancelJobs();
    await this.flush();
    const answer = await this.#native.close().finally(this.#forgetExit);
    if (answer === '') return;
    const { error } = JSON.parse(answer) as ErrorAnswer;
    throw nativeError('close', error.code, error.message);
  }

  drainForExit(began: number): void {
    this.#exitBegan = began;
    this.#drain(began);
  }

  #drain(exitBegan: number): void {
    this.#handOver();
    // After one timeout the rest is left to native code, which commits what it was given when the process ends.
    if (this.#drainTimedOut) return;
    try {
      if (isMainThread) this.#native.processEnds();
      const left = this.#exitTimeoutMs - (performance.now() - exitBegan);
      this.#drainTimedOut = !this.#native.drain(Math.max(0, Math.floor(left)));
    } catch (error) {
      this.#failOutstanding(error);
    }
    this.#settleSoFar();
  }

  #scheduleTick(): void {
    this.#tickScheduled = true;
    void NOW.then(this.#endTick);
  }

  readonly #endTick = (): void => {
    this.#tickScheduled = false;
    this.#handOver();
  };

  #handOver(): void {
    if (this.#pooled.length === 0) return;
    this.#deliver(this.#pool.buffer, this.#pool.end);
  }

  /** The pool is empty, and the last write is too large for it. */
  #handOverAlone(tenantId: string, code: number, encoded: Encoded): void {
    const buffer = singleOperation(tenantId, code, encoded);
    this.#deliver(buffer, buffer.length);
  }

  #deliver(buffer: Buffer, length: number): void {
    const writes = this.#pooled;
    this.#pooled = [];
    try {
      this.#lastTicket = this.#native.write(buffer, length);
      this.#outstanding.set(this.#lastTicket, writes);
      this.#pool.reset();
    } catch (error) {
      // Before the failures are told: whoever hears of them may write again.
      this.#pool.reset();
      this.#encoder.renew();
      this.#failAll(writes, error);
    }
    // A caller that never yields would hear of none, and the promises would pile up.
    if (this.#outstanding.size > MANY_BATCHES) this.#settleSoFar();
    if (!this.#listening && this.#outstanding.size > 0) void this.#listen();
  }

  /** Takes settlements until no batch is outstanding: a pending call keeps the event loop alive, an idle store must not. */
  async #listen(): Promise<void> {
    this.#listening = true;
    try {
      while (this.#outstanding.size > 0) {
        // oxlint-disable-next-line no-await-in-loop -- one call at a time is what native code allows
        await this.#native.settled();
        this.#settle(this.#native.poll());
      }
    } catch (error) {
      this.#failOutstanding(error);
    }
    this.#listening = false;
  }

  readonly #forgetDefinitions = (): void => {
    this.#handOver();
    this.#native.forgetDefinitions();
  };

  #settleSoFar(): void {
    try {
      this.#settle(this.#native.poll());
    } catch (error) {
      this.#failOutstanding(error);
    }
  }

  #settle(text: string): void {
    if (text === '') return;
    const { done, failed, receipts = [], warnings = [] } = JSON.parse(text) as Settlement;
    for (const [ticket, index, code, message] of failed) this.#settleFailure(ticket, index, code, message);
    for (const [ticket, index, receipt] of receipts) this.#outstanding.get(ticket)?.[index]?.resolve(receipt);
    for (const ticket of done) {
      const writes = this.#outstanding.get(ticket) ?? [];
      this.#outstanding.delete(ticket);
      for (let i = 0; i < writes.length; i++) {
        const write = writes[i] as AcceptedWrite;
        write.resolve(write.unwritten);
      }
    }
    for (const [code, message] of warnings) this.#failures.warn(code, message);
    this.#wakeWaiting();
  }

  #settleFailure(ticket: number, index: number, code: string, message: string): void {
    const writes = this.#outstanding.get(ticket) ?? [];
    const failed = index === -1 ? writes : writes.slice(index, index + 1);
    // Native code may not have understood what later writes refer to.
    if (code === 'INTERNAL') this.#encoder.renew();
    for (const write of failed) this.#fail(write, nativeError(write.operation.method, code, message));
  }

  #wakeWaiting(): void {
    if (this.#waiting.length === 0) return;
    const [oldest = Number.POSITIVE_INFINITY] = this.#outstanding.keys();
    const awake = this.#waiting.filter((waiting) => waiting.upTo < oldest);
    this.#waiting = this.#waiting.filter((waiting) => waiting.upTo >= oldest);
    for (const { resolve } of awake) resolve();
  }

  #failOutstanding(error: unknown): void {
    const batches = [...this.#outstanding.values()];
    this.#outstanding.clear();
    for (const writes of batches) this.#failAll(writes, error);
    this.#wakeWaiting();
  }

  #failAll(writes: readonly AcceptedWrite[], error: unknown): void {
    for (const write of writes) this.#fail(write, asTraceStoreError(write.operation.method, error));
  }

  #fail(write: AcceptedWrite, error: TraceStoreError): void {
    soften(write.promise);
    write.reject(error);
    this.#failures.writeFailed(error, write.operation);
  }
}
