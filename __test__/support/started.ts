/** A store with one trace that has started, and what its `onError` hears. */
import type { SqliteTraceStore, SqliteTraceStoreOptions, TraceStoreError } from 'tracestore';
import { openStore, trace } from '../support.js';

export async function started(
  options: Partial<SqliteTraceStoreOptions> = {},
): Promise<{ store: SqliteTraceStore; heard: TraceStoreError[] }> {
  const heard: TraceStoreError[] = [];
  const store = openStore({ ...options, onError: (error) => heard.push(error) });
  await store.startTrace(trace());
  return { store, heard };
}

/** The trace's only span. */
export async function only(store: SqliteTraceStore): Promise<Record<string, unknown>> {
  const [span] = await store.getSpans('t1');
  return span as unknown as Record<string, unknown>;
}
