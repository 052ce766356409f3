/** What later writes refer to. */

/** A text or thing that was written in full before. */
export interface Definition {
  readonly reference: string;
  /** Bytes of the JSON text that the reference stands for. */
  readonly bytes: number;
}
