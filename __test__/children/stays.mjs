/** Writes, stays until it is told to go on, and closes. */
import { once } from 'node:events';
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { path } = JSON.parse(process.argv[2]);
const store = new SqliteTraceStore({ path });
await store.addSpan(numberedSpan(0));
console.log('written');
await once(process.stdin, 'data');
process.stdin.destroy();
await store.close();
