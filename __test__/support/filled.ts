/** A store that is large enough to be copied in several steps. */
import { join } from 'node:path';
import type { SqliteTraceStore, SqliteTraceStoreOptions } from 'tracestore';
import { numberedSpan } from '../children/spans.mjs';
import { openStore, tempFolder, trace } from '../support.js';

/** Enough for several steps of 256 pages. */
export const SPANS = 2000;
export const BYTES = 3000;

export async function fill(store: SqliteTraceStore, traceId = 't1'): Promise<void> {
  const written = Array.from({ length: SPANS }, (_, n) =>
    store.addSpan(numberedSpan(n, { traceId, bytes: BYTES })),
  );
  await Promise.all([store.startTrace(trace({ traceId, tags: ['a', 'b'] })), ...written]);
}

/** A store with something in it that is worth several steps, and where its copy goes. */
export async function filledStore(options: Partial<SqliteTraceStoreOptions> = {}) {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path, ...options });
  await fill(store);
  return { store, path, target: join(tempFolder(), 'copy.db') };
}
