/** Where a walk stops, and what it writes there. */

/** Containers inside containers that a field may have; the native side cuts there, too. */
export const MAX_DEPTH = 1000;
export const TOO_DEEP = '"[nested deeper than 1000 levels]"';
/** UTF-8 needs at most this many bytes for a UTF-16 unit. */
export const MAX_BYTES_PER_CHAR = 3;
export const CIRCULAR = '"[Circular]"';

/** A field's text has become longer than any write may be. */
export class TooLong extends Error {}
