/** Uses one file through two copies of the addon in one process, as two versions of the package would. */
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { path, copies } = JSON.parse(process.argv[2]);
const [first, second] = copies.map((nativeBinding) => new SqliteTraceStore({ path, nativeBinding }));

await first.addSpan(numberedSpan(0));
const refused = [second.addSpan(numberedSpan(1)), second.getSpans('t1')];
const reasons = (await Promise.allSettled(refused)).map(({ reason }) => reason?.code);
await first.addSpan(numberedSpan(2));
await first.close();
await second.addSpan(numberedSpan(1));
await second.close();
console.log(JSON.stringify(reasons));
