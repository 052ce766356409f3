// The app's trace store: one per module instance, made when first asked for; the file opens with the first write or read.
import { SqliteTraceStore } from 'tracestore';

let store: SqliteTraceStore | undefined;

export function traceStore(): SqliteTraceStore {
  store ??= new SqliteTraceStore({
    path: process.env.TRACESTORE_PATH ?? 'data/traces.db',
    defaultTags: ['nextjs'],
    onError: (error, operation) => console.error('trace not recorded:', error.message, operation),
  });
  return store;
}
