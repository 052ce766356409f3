/** Backups and checks. */

import type { StoreInfo } from './info.js';

/** How to make a {@link SqliteTraceStore.backup}. */
export interface BackupOptions {
  /**
   * Called as the copy grows, with numbers that never get smaller; the last time with both equal. If it throws, the
   * backup ends and rejects with that.
   */
  onProgress?: (progress: { copiedPages: number; totalPages: number }) => void;
  /** Ends the backup, which then rejects with the signal's reason, unless it is finished already. */
  signal?: AbortSignal;
}

/** A finished {@link SqliteTraceStore.backup}. */
export interface BackupReport {
  /** Absolute path of the copy. */
  path: string;
  /** Bytes of the copy. */
  fileBytes: number;
}

/** How to {@link SqliteTraceStore.verify}. */
export interface VerifyOptions {
  /**
   * Called first when the rows are counted, again when the database's own structure is checked, then as rows are
   * checked, with numbers that never get smaller; the last time, and only then, with both equal. A row counts once for
   * each part of the check that looks at it; the total grows only where damage made more rows than can be. If it
   * throws, the check ends and rejects with that.
   */
  onProgress?: (progress: { checkedRows: number; totalRows: number }) => void;
  /** Ends the check, which then rejects with the signal's reason, unless it is finished already. */
  signal?: AbortSignal;
}

/** What {@link SqliteTraceStore.verify} found. */
export interface VerifyReport {
  /** Whether there is no problem. */
  ok: boolean;
  /** The first 100 problems, in the order they were found. */
  problems: VerifyProblem[];
  /** How many there are. */
  problemCount: number;
  /** What was counted on the way; `pieces` are the texts that documents share. */
  counts: StoreInfo['counts'] & { pieces: number };
}

/** One thing that is not as it should be. */
export interface VerifyProblem {
  area: VerifyArea;
  /** What is wrong, with the ids of the documents concerned; never their content. */
  message: string;
}

/**
 * Which part of the store a problem is in: the database's own structure, a document, a text that documents share, the
 * count of who uses such a text, the tags by which lists find documents, or the sets and counts that totals and lists
 * come from.
 */
export type VerifyArea = 'database' | 'documents' | 'pieces' | 'owners' | 'tags' | 'lists';
