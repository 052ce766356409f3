/** Leaves a store open in the way it is told, and says at its end how long it stayed after its last line. */
import { SqliteTraceStore } from 'tracestore';
import { minimalTrace, numberedSpan } from './spans.mjs';

const { way, path } = JSON.parse(process.argv[2]);
const store = new SqliteTraceStore({ path });

const WAYS = {
  unused() {},
  written: () => store.addSpan(numberedSpan(0)),
  async read() {
    await store.startTrace(minimalTrace('t1'));
    await store.getTrace('t1');
    await Promise.all([store.getSpans('t1'), store.listTraces(), store.info()]);
  },
  async flushed() {
    void store.addSpan(numberedSpan(0));
    await store.flush();
  },
  async failed() {
    await store.setTraceTags('nowhere', []).catch(() => {});
  },
  async closed() {
    await store.addSpan(numberedSpan(0));
    await store.close();
  },
  async 'closed beside an open one'() {
    const other = new SqliteTraceStore({ path });
    await Promise.all([store.addSpan(numberedSpan(0)), other.addSpan(numberedSpan(1))]);
    await other.close();
  },
};

await WAYS[way]();
const done = performance.now();
process.on('exit', () => console.log(Math.round(performance.now() - done)));
