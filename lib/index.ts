/** What the package exports; the types of all of it are in `index.d.ts` at the root. */
export { TraceStoreError } from './errors.js';
export { SqliteTraceStore } from './store.js';
