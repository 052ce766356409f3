/** How to open a store, and what its callbacks are told. */

import type { TraceStoreError } from './errors.js';
import type { TraceStoreConfig } from './trace-store.js';

/** How to open a {@link SqliteTraceStore}. An option that is `undefined` takes its default. */
export interface SqliteTraceStoreOptions extends Partial<TraceStoreConfig> {
  /**
   * The database file, resolved against the working directory at construction, or `':memory:'`; not a `file:` URL.
   * Missing parent folders are made, with mode 0700, or `fileMode` and search permission. Symbolic links are followed,
   * also to a file that is not there yet. A name that ends in `-wal`, `-shm`, `-journal` or `-live` is refused (such
   * a file is a part of another one), and so is what is no regular file.
   */
  path: string;
  /** Whether content is stored, or only its shape. Default: `true`. */
  captureContent?: boolean;
  /** With `captureContent: false`: store error text, which may quote prompts. Default: `false`. */
  captureErrors?: boolean;
  /** Tags appended to every new trace that lacks them. Default: none. */
  defaultTags?: string[];
  /**
   * `'process'`: a committed write survives a crash of the process. `'power'`: it survives a loss of power too,
   * at the cost of a disk flush per commit. Default: `'process'`.
   */
  durability?: 'process' | 'power';
  /**
   * `'exclusive'` keeps other processes out and makes the store work on network file systems, which are refused
   * otherwise. Default: `'shared'`.
   */
  locking?: 'shared' | 'exclusive';
  /** Milliseconds to wait for another process's lock before `BUSY`. Default: 5,000. */
  busyTimeoutMs?: number;
  /** Bytes of encoded writes that may wait for the commit. Default: 64 MiB (67,108,864). */
  maxQueueBytes?: number;
  /**
   * What a write does when the queue is full. `'block'`: blocks the thread for at most `blockTimeoutMs`, then
   * fails with `QUEUE_FULL`, and so do later writes at once until there is room. `'reject'`: fails with `QUEUE_FULL`. `'drop'`: is left out and counted in
   * `info().droppedWrites`. Default: `'block'`.
   */
  onFull?: 'block' | 'reject' | 'drop';
  /** Milliseconds, see `onFull`. Default: 1,000. */
  blockTimeoutMs?: number;
  /** Milliseconds that the end of the process may be delayed to commit what was accepted. Default: 5,000. */
  exitTimeoutMs?: number;
  /**
   * Bytes of one write as JSON text, counted without the escapes in strings of 64 characters and more; of a larger one
   * see `onOversize`. Default: 64 MiB (67,108,864).
   */
  maxPayloadBytes?: number;
  /**
   * What becomes of a write over `maxPayloadBytes`. `'cut'`: its largest parts are cut until it fits: a text keeps its
   * beginning, with a marker that tells its size; another value becomes `{ omitted, bytes }`; ids, dates and numbers
   * stay. `'reject'`: it fails with `INVALID_ARGUMENT`, as does one that can't be cut enough. Default: `'cut'`.
   */
  onOversize?: 'cut' | 'reject';
  /** Never write: no new file, no WAL, works in a read-only folder; writes fail with `UNSUPPORTED`. Default: `false`. */
  readonly?: boolean;
  /**
   * Permissions of a new file and of the log and the index beside it, for example `0o660`, whatever the umask of the
   * process. Default: `0o600`.
   */
  fileMode?: number;
  /**
   * Called once for each field that holds content, before anything leaves JavaScript; what it returns is stored
   * in place of the value. It must be synchronous and must not change the value it is given. If it throws, or
   * returns a promise, the value is left out and the failure goes to `onError`. Default: none.
   */
  redact?: (value: unknown, where: RedactWhere) => unknown;
  /**
   * Called for each write that failed, awaited or not, and for each field that was left out of a write which goes on:
   * because `redact` failed on it, or because it is no measurement (`INVALID_ARGUMENT` with the field). What it throws
   * is ignored. Default: none.
   */
  onError?: (error: TraceStoreError, operation: FailedOperation) => void;
  /**
   * `false`: every write does nothing, reads answer empty, no file is made, and `backup` and `verify` are refused. The environment variable
   * `ENABLE_TRACING` set to `false` or `0` at construction has the same effect. Default: `true`.
   */
  enabled?: boolean;
  /**
   * Path of the native addon, for bundlers that move files. Default: the environment variable
   * `TRACESTORE_NATIVE_BINDING`, else the addon installed with the package.
   */
  nativeBinding?: string;
}

/** The methods that write. */
export type WriteMethod =
  | 'startTrace'
  | 'ensureTrace'
  | 'endTrace'
  | 'addSpan'
  | 'addStep'
  | 'startSpan'
  | 'updateSpan'
  | 'endSpan'
  | 'addEvents'
  | 'setApiIO'
  | 'upsertSession'
  | 'ensureConfigSnapshot'
  | 'setTraceScores'
  | 'setTraceTags'
  | 'updateTraceTags'
  | 'updateSpanTags'
  | 'addScore'
  | 'deleteScore'
  | 'addAnnotation'
  | 'deleteAnnotation'
  | 'addLinks'
  | 'batchCreate';

/** Which value `redact` was given: the call, the document, the field. */
export interface RedactWhere {
  method: WriteMethod;
  document: 'trace' | 'span' | 'session' | 'configSnapshot' | 'score' | 'annotation' | 'link';
  /**
   * The document's top-level field: `input`, `output`, `apiInput`, `apiOutput`, `metadata`, `error`,
   * `genAiAttributes`; of a config snapshot `prompts`, `responseSchemas`, `groundingConfig`, `executionPlan`;
   * of a score `reason` and `metadata`, of an annotation `value`, of a link `attributes`;
   * and any key that the contract does not name, also inside `tokens`, `cost`, `modelParams` and `source` (`tokens.key`).
   */
  field: string;
  /** Whose document it is; absent where it belongs to no tenant. */
  tenantId?: string;
  traceId?: string;
  spanId?: string;
  sessionId?: string;
  snapshotId?: string;
  /** Of a score or an annotation. */
  id?: string;
}

/** The write that failed. Ids are given as far as they are known, and are ids. */
export interface FailedOperation {
  method: WriteMethod;
  /** Whose document it is; absent where it belongs to no tenant. */
  tenantId?: string;
  traceId?: string;
  spanId?: string;
  sessionId?: string;
  snapshotId?: string;
  /** Of a score or an annotation. */
  id?: string;
}
