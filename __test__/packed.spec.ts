/** What is packed when traces have ended or the store is closed: the same documents, in a smaller file, from any process. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SpanInput, SqliteTraceStore } from 'tracestore';
import { expect, it } from 'vitest';
import { play, readCalls, type Call } from '../fixtures/calls.mjs';
import { openStore, tempFolder } from './support.js';

/** Seven times the conversations that come with the project: more than waits to be packed while traces run. */
const COPIES = 7;

async function record(store: SqliteTraceStore, calls: Call[]): Promise<void> {
  await Promise.all(calls.map((call) => play(store, call)));
}

/** The calls of one copy, under ids of its own. */
function copy(number: number): Call[] {
  const calls = readCalls();
  const documents = calls.flatMap(({ args }) => [args, ...Object.values(args)]) as Array<
    Record<string, unknown>
  >;
  for (const document of documents) {
    for (const key of ['traceId', 'parentTraceId', 'sessionId'])
      if (typeof document?.[key] === 'string') document[key] = `${document[key]} ${number}`;
  }
  return calls;
}

async function everything(store: SqliteTraceStore): Promise<unknown[]> {
  const { traces } = await store.listTraces({ limit: 1000 });
  // Whose process is there is another matter.
  return Promise.all(
    traces.map(async ({ state: _state, ...trace }) => [trace, await store.getSpans(trace.traceId)]),
  );
}

it('comes back as it went in', { timeout: 60_000 }, async () => {
  const path = join(tempFolder(), 'traces.db');
  const reference = openStore({ path: ':memory:' });
  const store = openStore({ path });
  for (let number = 0; number < COPIES; number++) {
    // oxlint-disable-next-line no-await-in-loop -- as agents would: one run after the other
    await Promise.all([record(store, copy(number)), record(reference, copy(number))]);
  }
  const expected = await everything(reference);
  expect(await everything(store)).toEqual(expected);
  await store.close();
  const bytes = statSync(path).size;
  const opened = openStore({ path });
  expect(await everything(opened)).toEqual(expected);
  expect(await opened.verify()).toMatchObject({ ok: true });
  const { bytesIn } = await opened.info();
  // Ids, versions, times of writing, columns to filter by and counted uses of the documents take their part, and so do
  // tables that hold next to nothing here: sealing columns is to give some of it back.
  expect(bytesIn / bytes).toBeGreaterThan(10.2);
});

it('is let go when its span is written again', { timeout: 60_000 }, async () => {
  const path = join(tempFolder(), 'traces.db');
  const calls = readCalls();
  const first = openStore({ path });
  await record(first, calls);
  await first.close();
  const spans = calls.flatMap(({ op, args }) => (op === 'addSpan' ? [args['span'] as SpanInput] : []));
  const changed = spans.map((span) => ({
    ...span,
    input: { changed: span.spanId.repeat(40) },
    output: null,
  }));
  const second = openStore({ path });
  await Promise.all(changed.map((span) => second.addSpan(span)));
  await second.close();
  const third = openStore({ path });
  const ids = [...new Set(spans.map(({ traceId }) => traceId))];
  const stored = (await Promise.all(ids.map((id) => third.getSpans(id)))).flat();
  expect(stored).toHaveLength(changed.length);
  const inputs = new Map(stored.map(({ traceId, spanId, input }) => [`${traceId} ${spanId}`, input]));
  for (const { traceId, spanId, input } of changed) expect(inputs.get(`${traceId} ${spanId}`)).toEqual(input);
  expect(await third.verify()).toMatchObject({ ok: true });
});
