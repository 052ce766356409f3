/** The implementation over SQLite. */

/// <reference lib="esnext.disposable" />

import type { StoreInfo } from './info.js';
import type { BackupOptions, BackupReport, VerifyOptions, VerifyReport } from './jobs.js';
import type { SqliteTraceStoreOptions } from './options.js';
import type { TenantListOptions, TenantPage, TenantTraceStore } from './tenant.js';

/**
 * A {@link TenantTraceStore} in one SQLite file, or in memory: its own documents are those that belong to no tenant.
 *
 * The constructor checks its options and touches no file; the file is opened, and made if missing, at the first
 * use. Stores on one file share one writer, within a process and its worker threads; several processes may use
 * one file at a time. An open store that is idle does not keep the process alive.
 */
export declare class SqliteTraceStore {
  /** @throws `INVALID_ARGUMENT` for an option that is unknown or has a wrong value. */
  constructor(options: SqliteTraceStoreOptions);

  /**
   * The same store for one tenant: only its documents exist there. Cheap: make one per request. It writes and reads
   * through this store, whose settings it has and whose {@link close} ends it. `forTenant('')` is this store.
   *
   * @throws `INVALID_ARGUMENT` unless `tenantId` is a well-formed string of at most 512 bytes.
   */
  forTenant(tenantId: string): TenantTraceStore;

  /**
   * Lists the tenants that have documents with their counts, by the bytes of their names in UTF-8; what belongs to no
   * tenant stands first, under the empty name.
   */
  listTenants(options?: TenantListOptions): Promise<TenantPage>;

  /**
   * Flushes, then lets go of the file. If no other store of this process uses it, the file's handles are gone
   * when the promise resolves. May be called again; every other method rejects with `CLOSED` from now on, and so
   * do a backup and a check that are under way.
   *
   * @throws `IO` if the log was deleted from outside and writes that were acknowledged are missing.
   */
  close(): Promise<void>;

  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;

  /** How the store is doing. Opens the file if it is not open yet. */
  info(): Promise<StoreInfo>;

  /**
   * Copies the store into a new file while it is used. The copy is the store as it was at one moment, with every
   * write called so far through this instance and all that others had committed; it is one file, opens as a store,
   * and passes {@link verify}.
   *
   * `path` is resolved against the working directory at the call; its folder must exist. The copy is made beside it,
   * under a name that ends in `.partial`, is flushed to the disk, and gets its own name when it is whole; if the backup
   * fails or is aborted nothing is left (a process that is killed leaves the `.partial` file). Permissions are
   * `fileMode`.
   *
   * Others write and read meanwhile, and the write-ahead log grows by what they write until the copy is done. With
   * `':memory:'` and `locking: 'exclusive'` there is one connection only: other calls wait.
   *
   * {@link close} ends the backup, which rejects with `CLOSED`.
   *
   * @throws `ALREADY_EXISTS` if there is a file at `path`, or a log left of one.
   * @throws `INVALID_ARGUMENT` if `path` is the store's own file, or no name for a database.
   * @throws `IO`, `FULL` if the copy can't be written.
   * @throws `UNSUPPORTED` if the store is switched off (`enabled`).
   */
  backup(path: string, options?: BackupOptions): Promise<BackupReport>;

  /**
   * Checks the whole store as it is at one moment, and changes nothing: the database's pages and indexes; that every
   * document and every text it shares with others is the one that was written; that each such text is counted for
   * those who use it; that lists find documents by their tags. Reads the file several times over and blocks nobody
   * (but see {@link backup} on what has one connection only). {@link close} ends it with `CLOSED`.
   *
   * Damage is in the report, not an error; a file so damaged that it does not open rejects as any other call does.
   *
   * @throws `UNSUPPORTED` if the store is switched off (`enabled`).
   */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
}

/** What concerns documents. */
export interface SqliteTraceStore extends TenantTraceStore {}
