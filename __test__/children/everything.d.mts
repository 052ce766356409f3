/** Types of everything.mjs, which children run without a compiler. */
import type { SqliteTraceStore } from 'tracestore';

export function sayEverything(store: SqliteTraceStore, n: number): Array<Promise<unknown>>;
export function readEverything(store: SqliteTraceStore, n: number): Promise<Record<string, unknown>>;
