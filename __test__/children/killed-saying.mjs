/** Says everything of one number after the other until it is killed, and prints each once all its promises have resolved. */
import { writeSync } from 'node:fs';
import { SqliteTraceStore } from 'tracestore';
import { sayEverything } from './everything.mjs';

const { path, from } = JSON.parse(process.argv[2]);
const store = new SqliteTraceStore({ path });

for (let n = from; ; n++) {
  // oxlint-disable-next-line no-await-in-loop -- one tick is one transaction
  await Promise.all(sayEverything(store, n));
  writeSync(1, `${n}\n`);
}
