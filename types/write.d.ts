/** What all writes share: the version that they may ask for, and what they resolve to. */

/** The last argument of every method that writes one document. */
export interface WriteOptions {
  /**
   * Write only if the document has this version, else fail with `CONFLICT`. A document counts its own changes from 1; one
   * that is not there, or a trace on which nobody said a word (only its spans, scores or annotations have arrived), has 0. Default: write whatever its version is.
   */
  ifVersion?: number;
}

/** What came of a change. */
export interface WriteReceipt {
  /** How often the document was changed; 0 if nothing was written, because the store is switched off or drops writes. */
  version: number;
}

/** What came of a span that may have been given its id on the way. */
export interface SpanReceipt extends WriteReceipt {
  spanId: string;
}

/** What came of something that was said of a trace or a span. */
export interface SaidReceipt extends WriteReceipt {
  /** Under which it is found, and deleted. */
  id: string;
}

/** What came of a deletion. */
export interface DeleteReceipt {
  id: string;
  /** Whether there was anything with this id. */
  deleted: boolean;
}

/** Which tags come and which go: first `remove`, then those of `add` that are not there, last. */
export interface TagChanges {
  add?: string[];
  remove?: string[];
}
