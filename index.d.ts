/**
 * The public contract of `tracestore`, written by hand and meant to be read from top to bottom:
 * the interface, the documents it moves, the pages it returns, then the SQLite implementation. One noun a file, in `types/`.
 *
 * Times are `Date` objects, durations milliseconds, sizes bytes.
 *
 * Unknown keys: a store keeps and returns top-level and nested keys that are not named here. The document types
 * carry no index signature all the same, because one would let every misspelt key through the type check. Declare
 * the keys you add, once, by augmentation, and they are typed on the way in and on the way out:
 *
 * ```ts
 * declare module 'tracestore' {
 *   interface TraceInput { release?: string }
 *   interface Trace { release?: string }
 * }
 * ```
 *
 * @module
 */

export * from './types/trace-store.js';
export * from './types/trace.js';
export * from './types/span.js';
export * from './types/span-call.js';
export * from './types/step.js';
export * from './types/error-info.js';
export * from './types/session.js';
export * from './types/config-snapshot.js';
export * from './types/list.js';
export * from './types/write.js';
export * from './types/score.js';
export * from './types/annotation.js';
export * from './types/link.js';
export * from './types/info-record.js';
export * from './types/batch.js';
export * from './types/tenant.js';
export * from './types/sqlite-trace-store.js';
export * from './types/options.js';
export * from './types/jobs.js';
export * from './types/info.js';
export * from './types/errors.js';
