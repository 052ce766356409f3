/** What the words about a span refuse, keep out, and let go. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SqliteTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, span, T0, tempFolder, trace, without } from './support.js';
import { begun, IDS, readSpan as read } from './support/live.js';

describe('what is given wrongly', () => {
  it.each<[string, (store: SqliteTraceStore) => Promise<unknown>, string]>([
    [
      'a start with an end',
      (store) => store.startSpan({ ...begun(), durationMs: 1 } as never),
      'span.durationMs',
    ],
    ['a start without a kind', (store) => store.startSpan(without(begun(), 'kind') as never), 'span.kind'],
    ['a span id', (store) => store.updateSpan('t1', '', {}), 'spanId'],
    ['a trace id', (store) => store.endSpan(5 as never, 's1'), 'traceId'],
    ['an id that changes', (store) => store.updateSpan(...IDS, { spanId: 'x' } as never), 'changes.spanId'],
    ['an end in an update', (store) => store.updateSpan(...IDS, { endedAt: T0 } as never), 'changes.endedAt'],
    ['a date', (store) => store.endSpan(...IDS, { endedAt: 'now' } as never), 'end.endedAt'],
  ])('%s', async (_name, write, field) => {
    const error = await failure(write(openStore()));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });

  it('a failed write names its ids', async () => {
    const failed: unknown[] = [];
    const store = openStore({ onError: (_error, operation) => failed.push(operation) });
    await failure(store.updateSpan(...IDS, { name: 5 as never }));
    expect(failed).toEqual([{ method: 'updateSpan', traceId: 't1', spanId: 's1' }]);
  });

  it('a state that was read is not written; another one is left out and told', async () => {
    const failed: string[] = [];
    const store = openStore({ onError: (error) => failed.push(error.field ?? '') });
    await store.startSpan(begun());
    const running = await read(store);
    await store.addSpan({ ...running, spanId: 's2' });
    await store.addSpan(span({ spanId: 's3', state: { own: 1 } } as never));
    const [, ...copies] = await store.getSpans('t1');
    expect(copies).toHaveLength(2);
    for (const copy of copies) expect(copy).not.toHaveProperty('state');
    expect(failed).toEqual(['span.state']);
  });
});

it('answers nothing written where the store is switched off', async () => {
  const store = openStore({ enabled: false });
  expect(await store.startSpan(begun())).toEqual({ version: 0 });
  expect(await store.endSpan(...IDS)).toEqual({ version: 0 });
});

describe('content', () => {
  const secret = 'hunter2';
  const say = async (store: SqliteTraceStore): Promise<void> => {
    await store.startSpan(begun({ input: secret, metadata: { a: secret }, own: secret } as never));
    await store.updateSpan(...IDS, { output: { [secret]: secret }, genAiAttributes: { [secret]: secret } });
    await store.endSpan(...IDS, {
      error: secret,
      metadata: { b: secret },
      endedAt: at(1),
      other: secret,
    } as never);
  };

  it('stays out of every word', async () => {
    const store = openStore({ captureContent: false });
    await say(store);
    const stored = await read(store);
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(stored).toMatchObject({
      input: { omitted: 'string', length: 7 },
      output: { omitted: 'object', keys: 1 },
      error: '[omitted: string, 7 chars]',
      genAiAttributes: { omittedKeys: 1 },
      omittedKeys: 1,
      durationMs: 1,
    });
  });

  it('of every word is offered to redact', async () => {
    const asked: string[] = [];
    const store = openStore({
      redact: (value, { method, document, field, traceId, spanId }) => {
        asked.push([method, document, field, traceId, spanId].join(' '));
        return typeof value === 'string' ? 'redacted' : {};
      },
    });
    await say(store);
    expect(JSON.stringify(await read(store))).not.toContain(secret);
    expect(asked).toEqual([
      'startSpan span input t1 s1',
      'startSpan span metadata t1 s1',
      'startSpan span own t1 s1',
      'updateSpan span output t1 s1',
      'updateSpan span genAiAttributes t1 s1',
      'endSpan span error t1 s1',
      'endSpan span metadata t1 s1',
      'endSpan span other t1 s1',
    ]);
  });
});

it('2,000 updates of an output that grows leave the last one', async () => {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path });
  await store.startTrace(trace());
  await store.startSpan(begun({ input: 'i' }));
  let output = '';
  for (let n = 0; n < 2000; n++) {
    output += `token ${n}, `;
    void store.updateSpan(...IDS, { output, metadata: { tokens: n } });
    // oxlint-disable-next-line no-await-in-loop -- in commits of twenty
    if (n % 20 === 0) await store.flush();
  }
  await store.endSpan(...IDS, { output, endedAt: at(1) });
  const expected = {
    schemaVersion: 1,
    ...span(),
    durationMs: 1,
    input: 'i',
    output,
    metadata: { tokens: 1999 },
  };
  expect(await read(store)).toEqual(expected);
  // The texts that were let go took twenty million bytes; a store without any takes more than 200,000.
  expect((await store.info()).bytesStored).toBeLessThan(260_000);
  expect((await store.verify()).problems).toEqual([]);
  await store.close();
  expect(statSync(path).size).toBeLessThan(1_000_000);
});
