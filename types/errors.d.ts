/** What can go wrong. */

/**
 * What went wrong, by remedy.
 *
 * - `INVALID_ARGUMENT`: the call; the message names the field, what was found and what is expected.
 * - `NOT_FOUND`: of the trace that should be changed nothing has arrived.
 * - `ALREADY_EXISTS`: the trace was started before, or a file is where the backup should go.
 * - `CONFLICT`: something else in this process uses the file in a way that loses data, or with other options.
 * - `CLOSED`: the store was closed.
 * - `BUSY`: another process held the file's lock beyond `busyTimeoutMs`, or changed the file during each of several
 *   attempts of a viewer to read it.
 * - `IO`: the operating system refused to read or write, or what lies at or beside the path is not ours to use.
 * - `FULL`: the disk is full.
 * - `CORRUPT`: the file is damaged, or another program made it or wrote to it.
 * - `SCHEMA_TOO_NEW`: the file was written by a newer version of this package.
 * - `UNSUPPORTED`: this platform, file or store cannot do that.
 * - `QUEUE_FULL`: the writer did not keep up, see `maxQueueBytes` and `onFull`.
 * - `TOO_LARGE`: what was asked for takes more memory than JavaScript's heap has left; the message says how to read it.
 * - `INTERNAL`: a defect of this package.
 */
export type TraceStoreErrorCode =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'CONFLICT'
  | 'CLOSED'
  | 'BUSY'
  | 'IO'
  | 'FULL'
  | 'CORRUPT'
  | 'SCHEMA_TOO_NEW'
  | 'UNSUPPORTED'
  | 'QUEUE_FULL'
  | 'TOO_LARGE'
  | 'INTERNAL';

/**
 * Every error of this package. `instanceof` holds across copies of the module, as bundlers and test runners
 * make them. A message quotes ids, paths, options and filters, and never what a document holds, nor its keys: of that it
 * tells the kind and the size.
 */
export declare class TraceStoreError extends Error {
  constructor(
    code: TraceStoreErrorCode,
    message: string,
    details?: { cause?: unknown; method?: string; field?: string },
  );
  readonly name: 'TraceStoreError';
  readonly code: TraceStoreErrorCode;
  /** The method that failed; `'SqliteTraceStore'` for the constructor. */
  readonly method?: string;
  /** With `INVALID_ARGUMENT`: the path of the bad value, such as `span.startedAt`; keys that a caller chose are counted (`scores[key 2 of 3]`). */
  readonly field?: string;
  /** What was thrown underneath, if anything: by the caller's own code, it may say what that says. */
  readonly cause?: unknown;
}
