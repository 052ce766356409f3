// Mastra's trace storage on LibSQL.
import { join } from 'node:path';
import { LibSQLStore } from '@mastra/libsql';
import { DRIVERS } from '../../shared/drivers.mjs';
import { openMastra } from '../mastra.mjs';

export async function open(folder) {
  const file = join(folder, 'traces.db');
  const store = await openMastra(new LibSQLStore({ id: 'bench', url: `file:${file}` }));
  return {
    ...store,
    close: async () => {
      await store.close();
      await emptyLog(file);
    },
  };
}

/** It leaves its log full; the others' logs are empty when they are closed. */
async function emptyLog(file) {
  const db = await DRIVERS['node:sqlite'](file);
  db.exec('pragma wal_checkpoint(truncate)');
  db.close();
}
