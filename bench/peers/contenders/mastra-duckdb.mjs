// Mastra's trace storage on DuckDB, the one that it recommends for traces.
import { join } from 'node:path';
import { DuckDBStore } from '@mastra/duckdb';
import { openMastra } from '../mastra.mjs';

export function open(folder) {
  return openMastra(new DuckDBStore({ id: 'bench', path: join(folder, 'traces.duckdb') }));
}
