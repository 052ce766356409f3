/** How a store is doing. */

import type { TraceStoreErrorCode } from './errors.js';

/** How a store is doing. Counts and sizes are of the file, that is of all its writers and tenants, unless said otherwise. */
export interface StoreInfo {
  /** Absolute path, or `':memory:'`. */
  path: string;
  enabled: boolean;
  readonly: boolean;
  /** Bytes of the database file. */
  fileBytes: number;
  /** Bytes of the write-ahead log beside it. */
  walBytes: number;
  counts: { traces: number; spans: number; sessions: number; configSnapshots: number };
  /** Of the file; counts migrations. */
  schemaVersion: number;
  /** Writes of this process that wait for the commit. */
  queuedOperations: number;
  /** Their size in bytes. */
  queuedBytes: number;
  /** Writes of this process left out because the queue was full (`onFull: 'drop'`). */
  droppedWrites: number;
  /** Writes of this instance that failed. */
  failedWrites: number;
  /**
   * Failures inside this package (`INTERNAL`) that this process met on the file. Each cost no more than the calls that
   * met it, but please report them.
   */
  defects: number;
  /** The last failure, of this instance or of the engine's own work. */
  lastError: { code: TraceStoreErrorCode; message: string; at: Date } | null;
  /**
   * Long work that goes on between writes, none of which waits longer than about 20 ms for it: bytes that are packed into
   * blocks, or small blocks that are looked at to be merged.
   */
  chore: { name: 'packing' | 'merging'; done: number; total: number } | null;
  /** Whether a reader holds back the checkpoint, so that the write-ahead log grows. */
  walBlocked: boolean;
  /** Bytes of JSON taken in. */
  bytesIn: number;
  /** Bytes of all pages in use, indexes included; an empty store has about 140 KiB. */
  bytesStored: number;
}
