/** The native addon's surface as this layer uses it: text and bytes, never objects. */

export interface NativeStore {
  /** Takes over the frames in `buffer[0..length)` and returns the batch's ticket: 1, 2, 3, in order. */
  write(buffer: Buffer, length: number): number;
  /** Drops what earlier writes defined: the next one must begin anew. */
  forgetDefinitions(): void;
  /** Resolves when at least one outstanding batch is settled, or when another call took its place. Keeps the loop
   *  alive. */
  settled(): Promise<void>;
  /** What is settled so far, a {@link Settlement} as JSON text, told once; `''` when there is none. */
  poll(): string;
  /** Answers a query, which is JSON text, after all batches handed over before: with the one part of a small answer, or an
   *  {@link ErrorAnswer}, as JSON text, or with all parts of a larger one. */
  read(query: string): Promise<string | NativeAnswer>;
  /** Begins a job, as JSON text, after all batches handed over before. */
  startJob(job: string): NativeJob;
  /** Asks all jobs of this instance to end. */
  cancelJobs(): void;
  /** Tells that the process ends now: what native code does after JavaScript's last turn has the same deadline. */
  processEnds(): void;
  /** Commits everything handed over, on this thread, for at most `timeoutMs`; whether all is committed. */
  drain(timeoutMs: number): boolean;
  /** Lets go of the engine; `''`, or an {@link ErrorAnswer} as JSON text. */
  close(): Promise<string>;
}

/** An answer in parts, so that only one of them is there as text. */
export interface NativeAnswer {
  /** Bytes of memory that all parts take in JavaScript, about. */
  size(): number;
  /** The next part as JSON text; `null` after the last. */
  next(): string | null;
}

export interface NativeJob {
  /** Resolves with the next step as JSON text: how far the job is, what came of it, or an {@link ErrorAnswer}. One call
   *  at a time; keeps the loop alive. */
  next(): Promise<string>;
  /** Asks for the job's end; `next` tells when it has ended. */
  cancel(): void;
}

export interface NativeModule {
  /** `options`: JSON text. `pool`: a buffer that native code may drain by itself when the environment ends. */
  NativeStore: new (options: string, pool: Buffer) => NativeStore;
  /** The file of this addon, then those of addons that the process loaded before it; empty where copies do no harm. */
  addonFiles(): string[];
}

export interface Settlement {
  /** Tickets of batches that are committed, but for the operations that failed. */
  done: number[];
  /** Which operations of them failed, by position; -1 = all of the batch. */
  failed: Array<[ticket: number, index: number, code: string, message: string]>;
  /** What operations of them answer; most answer nothing. */
  receipts?: Array<[ticket: number, index: number, receipt: unknown]>;
  /** What the engine has to say about itself. */
  warnings?: Array<[code: string, message: string]>;
}

export interface ErrorAnswer {
  error: { code: string; message: string };
}
