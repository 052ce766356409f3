// Mastra's trace storage on LibSQL.
import { join } from 'node:path';
import { LibSQLStore } from '@mastra/libsql';
import { openMastra } from '../mastra.mjs';

export function open(folder) {
  return openMastra(new LibSQLStore({ id: 'bench', url: `file:${join(folder, 'traces.db')}` }));
}
