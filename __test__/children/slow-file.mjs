/** Uses a store while the file of another, in the same process, is being opened, which lasts until it is told to end. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { slow, path } = JSON.parse(process.argv[2]);
const stuck = new SqliteTraceStore({ path: slow, locking: 'exclusive' });
const written = stuck.addSpan(numberedSpan(0));

const results = [];
for (let n = 0; n < 2; n++) {
  const store = new SqliteTraceStore({ path });
  await store.addSpan(numberedSpan(0));
  results.push((await store.getSpans('t1')).length);
  await store.close();
}
existsSync(join(dirname(slow), 'go-on'));
results.push(await written.catch(({ code }) => code));
await stuck.close();
console.log(JSON.stringify(results));
