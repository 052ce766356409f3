/** Writes what takes more memory when it is read than when it is written, reads it, and prints what came of that. */
import { SqliteTraceStore } from 'tracestore';
import { minimalTrace, numberedSpan } from './spans.mjs';

const { scenario, path, count } = JSON.parse(process.argv[2]);
const MIB = 2 ** 20;
const store = new SqliteTraceStore({ path, onError: ({ message }) => console.error(message) });

/** A text that compresses well, and begins with its number. */
const text = (n, mib) => `${n} ${'text '.repeat((mib * MIB) / 5)}`;

/** An agent loop: each span has all messages so far, which the file has once. */
async function loop(traceId, turns) {
  const messages = [];
  for (let n = 0; n < turns; n++) {
    messages.push({
      role: 'assistant',
      content: `thought ${n}, at some length`,
      call: { name: 'search', n },
    });
    messages.push({
      role: 'tool',
      content: `result ${n}, which is a little longer than what it was asked for`,
    });
    const written = store.addSpan({ ...numberedSpan(n, { traceId }), input: { messages: [...messages] } });
    // oxlint-disable-next-line no-await-in-loop -- all at once would fill the queue
    if (n % 20 === 0) await written;
  }
  await store.flush();
}

const codeOf = (read) =>
  read.then(
    () => 'read',
    ({ code }) => code,
  );

const SCENARIOS = {
  /** Reads that take more than there is, alone and beside each other, and one that doesn't. */
  async loop() {
    await loop('long', count);
    await loop('short', 20);
    const { message } = await store.getSpans('long').catch((error) => error);
    const codes = await Promise.all(['long', 'short', 'long'].map((id) => codeOf(store.getSpans(id))));
    let [spans, pages, cursor] = [0, 0];
    do {
      // oxlint-disable-next-line no-await-in-loop -- each page says where the next one begins
      const page = await store.getSpans('long', { ...(cursor && { cursor }) });
      spans += page.spans.length;
      pages += 1;
      cursor = page.nextCursor;
    } while (cursor);
    return { message, codes, spans, pages };
  },

  /** Traces of some MiB each, so that no page of 50 fits. */
  async traces() {
    for (let n = 0; n < count; n++) {
      const trace = { ...minimalTrace(`t${n}`), metadata: { text: text(n, 4) } };
      // oxlint-disable-next-line no-await-in-loop -- all at once would fill the queue
      await store.startTrace(trace);
    }
    const { message } = await store.listTraces().catch((error) => error);
    const seen = [];
    let filter = { maxBytes: 2 ** 40 };
    while (filter) {
      // oxlint-disable-next-line no-await-in-loop -- each page says where the next one begins
      const page = await store.listTraces(filter);
      seen.push(page.traces.length);
      filter = page.nextCursor && { cursor: page.nextCursor };
    }
    return { message, seen };
  },

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
