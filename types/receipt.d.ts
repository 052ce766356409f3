/** What writes beyond the contract answer. */

/** A document as a write left it. */
export interface Written {
  /** How often it was changed, from 1; 0 if nothing was written, because the store is switched off or its queue dropped it. */
  version: number;
}
