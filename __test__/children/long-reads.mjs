/** Writes what takes more memory when it is read than when it is written, reads it, and prints what came of that. */
import { SqliteTraceStore } from 'tracestore';
import { numberedSpan } from './spans.mjs';

const { scenario, path, count } = JSON.parse(process.argv[2]);
const MIB = 2 ** 20;
const store = new SqliteTraceStore({ path, onError: ({ message }) => console.error(message) });

/** A text that compresses well, and begins with its number. */
const text = (n, mib) => `${n} ${'text '.repeat((mib * MIB) / 5)}`;

const SCENARIOS = {
  /** Spans of 16 MiB each. */
  async texts() {
    for (let n = 0; n < count; n++) {
      // oxlint-disable-next-line no-await-in-loop -- all at once would fill the queue
      await store.addSpan({ ...numberedSpan(n, { traceId: 't' }), input: text(n, 16) });
    }
    const spans = await store.getSpans('t');
    return {
      chars: spans.reduce((sum, { input }) => sum + input.length, 0),
      firsts: spans.map(({ input }) => parseInt(input, 10)),
    };
  },
};

console.log(JSON.stringify(await SCENARIOS[scenario]()));
await store.close();
