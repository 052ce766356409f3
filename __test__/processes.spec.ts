/** Design rule 9: several processes on one file. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteTraceStore } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpans } from './children/spans.mjs';
import { failure, openStore, span, tempFolder, trace } from './support.js';
import { runScript, startScript } from './support/child.js';
import { Lock, NO_LOCK } from './support/lock.js';

vi.setConfig({ testTimeout: 90_000 });

it('four processes write while four read: all is there, and nobody sees half a document or an error', async () => {
  const path = join(tempFolder(), 'traces.db');
  const traceIds = ['a', 'b', 'c', 'd'];
  const count = 200;
  const made = new SqliteTraceStore({ path });
  await made.startTrace(trace({ traceId: 'first' }));
  await made.close();

  const readers = [false, false, true, true].map((readonly) =>
    startScript('reader.mjs', { path, traceIds, readonly }),
  );
  await Promise.all(readers.map((reader) => reader.printed(1)));
  const writers = await Promise.all(
    traceIds.map((traceId) => runScript('writer.mjs', { path, traceId, count })),
  );
  for (const writer of writers) expect(writer).toMatchObject({ code: 0, signal: null, stderr: '' });
  for (const reader of readers) {
    reader.tell('stop');
    const outcome = await reader.ended;
    expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(JSON.parse(reader.lines.at(-1) ?? '')).toEqual(traceIds.map(() => count));
  }
  const store = openStore({ path });
  expect((await store.listTraces()).total).toBe(5);
  for (const traceId of traceIds) {
    expect(await store.getSpans(traceId)).toEqual(numberedSpans(count, { traceId }));
  }
});

it('processes that make the same new file at once agree on it', async () => {
  const path = join(tempFolder(), 'new', 'traces.db');
  const traceIds = ['a', 'b', 'c', 'd'];
  const writers = await Promise.all(
    traceIds.map((traceId) => runScript('writer.mjs', { path, traceId, count: 14 })),
  );
  for (const writer of writers) expect(writer).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect((await openStore({ path }).info()).counts).toMatchObject({ traces: 4, spans: 4 * 14 });
});

describe.skipIf(NO_LOCK !== '')(`another process holds the write lock ${NO_LOCK}`, () => {
  async function lockedStore(busyTimeoutMs: number): Promise<[SqliteTraceStore, Lock]> {
    const store = openStore({ busyTimeoutMs });
    await store.startTrace(trace());
    const { path } = await store.info();
    return [store, await Lock.hold(path)];
  }

  it('beyond busyTimeoutMs: BUSY with the remedy, reads go on, and so does the store afterwards', async () => {
    const [store, lock] = await lockedStore(50);
    const error = await failure(store.addSpan(span()));
    expect(error).toMatchObject({ code: 'BUSY', method: 'addSpan' });
    expect(error.message).toContain('busyTimeoutMs');
    expect(await store.getTrace('t1')).toMatchObject({ traceId: 't1' });
    expect(await store.getSpans('t1')).toEqual([]);
    expect(await store.info()).toMatchObject({ failedWrites: 1, lastError: { code: 'BUSY' } });
    await lock.release();
    await store.addSpan(span());
    expect(await store.getSpans('t1')).toHaveLength(1);
  });

  it('not as long as busyTimeoutMs: nobody hears of it', async () => {
    const [store, lock] = await lockedStore(60_000);
    let settled = false;
    const written = store.addSpan(span()).finally(() => (settled = true));
    await sleep(200);
    expect(settled).toBe(false);
    await lock.release();
    await written;
    expect(await store.getSpans('t1')).toHaveLength(1);
  });

  it('while a store opens the file: reads answer, and writes wait', async () => {
    const path = join(tempFolder(), 'traces.db');
    const made = new SqliteTraceStore({ path });
    await made.startTrace(trace());
    await made.close();
    const lock = await Lock.hold(path);
    const store = openStore({ path, busyTimeoutMs: 60_000 });
    expect(await store.getTrace('t1')).toMatchObject({ traceId: 't1' });
    const written = store.addSpan(span());
    await sleep(50);
    await lock.release();
    await written;
    expect(await store.getSpans('t1')).toHaveLength(1);
  });
});
