/** flush, close, dispose, info, and what reads see. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteTraceStore } from 'tracestore';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failure, openStore, session, snapshot, span, tempFolder, trace } from './support.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('reads', () => {
  it('see the writes of their instance that nobody awaited', async () => {
    const store = openStore();
    for (let i = 0; i < 300; i++) void store.addSpan(span({ spanId: `s${i}` }));
    void store.startTrace(trace());
    expect(await store.getSpans('t1')).toHaveLength(300);
    void store.setTraceTags('t1', ['x']);
    expect((await store.getTrace('t1'))?.tags).toEqual(['x']);
    expect((await store.info()).counts).toMatchObject({ traces: 1, spans: 300 });
  });

  it('keep the order of the writes when some are large', async () => {
    const store = openStore();
    await store.startTrace(trace());
    for (const size of [10, 900_000, 20, 2_000_000, 30, 300_000]) {
      void store.setApiIO('t1', { apiInput: 'x'.repeat(size), apiOutput: size });
    }
    const stored = await store.getTrace('t1');
    expect(stored?.apiOutput).toBe(300_000);
    expect(stored?.apiInput).toHaveLength(300_000);
  });
});

describe('flush', () => {
  it('resolves when everything called so far is committed', async () => {
    const path = join(tempFolder(), 'x.db');
    const store = openStore({ path });
    const settled: string[] = [];
    for (let i = 0; i < 50; i++)
      void store.addSpan(span({ spanId: `s${i}` })).then(() => settled.push(`s${i}`));
    await store.flush();
    await Promise.resolve();
    expect(settled).toHaveLength(50);
    const other = openStore({ path });
    expect(await other.getSpans('t1')).toHaveLength(50);
  });

  it('resolves although writes failed, and when there is nothing to do', async () => {
    const store = openStore();
    await store.flush();
    void store.setTraceTags('nope', []);
    await store.flush();
    expect((await store.info()).failedWrites).toBe(1);
  });
});

describe('close', () => {
  it('commits, may be called again, and later calls reject with CLOSED', async () => {
    const path = join(tempFolder(), 'x.db');
    const store = new SqliteTraceStore({ path });
    const written = store.startTrace(trace());
    const closing = store.close();
    expect(store.close()).toBe(closing);
    await closing;
    await written;
    await store.close();

    const calls: Array<[string, Promise<unknown>]> = [
      ['startTrace', store.startTrace(trace({ traceId: 't2' }))],
      ['endTrace', store.endTrace('t1', { status: 'failed' })],
      ['addSpan', store.addSpan(span())],
      ['setApiIO', store.setApiIO('t1', {})],
      ['upsertSession', store.upsertSession(session())],
      ['ensureConfigSnapshot', store.ensureConfigSnapshot(snapshot())],
      ['setTraceScores', store.setTraceScores('t1', {})],
      ['setTraceTags', store.setTraceTags('t1', [])],
      ['getTrace', store.getTrace('t1')],
      ['getSpans', store.getSpans('t1')],
      ['getSession', store.getSession('c1')],
      ['getConfigSnapshot', store.getConfigSnapshot('cfg1')],
      ['listTraces', store.listTraces()],
      ['listSessions', store.listSessions()],
      ['flush', store.flush()],
      ['info', store.info()],
    ];
    for (const [method, call] of calls) {
      const error = await failure(call);
      expect(error).toMatchObject({ code: 'CLOSED', method });
      expect(error.message).toBe(`${method}: the store is closed`);
    }

    const again = openStore({ path });
    expect(await again.getTrace('t1')).toMatchObject({ status: 'running' });
  });

  it('leaves one file, without a log beside it', async () => {
    const path = join(tempFolder(), 'x.db');
    const store = new SqliteTraceStore({ path });
    await store.startTrace(trace());
    await store.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(existsSync(`${path}-shm`)).toBe(false);
  });

  it('does not end the engine under another instance on the file', async () => {
    const path = join(tempFolder(), 'x.db');
    const one = openStore({ path });
    const other = openStore({ path });
    await one.startTrace(trace());
    await other.addSpan(span());
    await one.close();
    await other.addSpan(span({ spanId: 's2' }));
    expect(await other.getSpans('t1')).toHaveLength(2);
  });

  it('is what Symbol.asyncDispose does', async () => {
    const store = openStore();
    await store.startTrace(trace());
    await store[Symbol.asyncDispose]();
    expect((await failure(store.flush())).code).toBe('CLOSED');
  });
});

describe('info', () => {
  it('tells where the store is and what is in it', async () => {
    const path = join(tempFolder(), 'x.db');
    const store = openStore({ path });
    await store.startTrace(trace());
    await store.addSpan(span({ input: 'text '.repeat(1000) }));
    await store.upsertSession(session());
    await store.ensureConfigSnapshot(snapshot());
    const info = await store.info();
    expect(info).toEqual({
      path,
      enabled: true,
      readonly: false,
      fileBytes: statSync(path).size,
      walBytes: expect.any(Number),
      counts: { traces: 1, spans: 1, sessions: 1, configSnapshots: 1 },
      schemaVersion: expect.any(Number),
      queuedOperations: 0,
      queuedBytes: 0,
      droppedWrites: 0,
      failedWrites: 0,
      defects: 0,
      lastError: null,
      chore: null,
      walBlocked: false,
      bytesIn: expect.any(Number),
      bytesStored: expect.any(Number),
    });
    expect(info.bytesIn).toBeGreaterThan(5000);
    expect(info.bytesStored).toBeGreaterThan(0);
  });

  it('tells the last error', async () => {
    const store = openStore();
    const before = Date.now();
    const error = await failure(store.setTraceTags('nope', []));
    const { lastError } = await store.info();
    expect(lastError).toMatchObject({ code: 'NOT_FOUND' });
    expect(error.message).toContain(lastError?.message.replace(/^setTraceTags: /, ''));
    expect(lastError?.at.getTime()).toBeGreaterThanOrEqual(before);
  });
});

it('works while a test runner holds the clocks and queues', async () => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Date'],
    now: new Date('2030-01-01'),
  });
  const store = openStore();
  const { startedAt: _, ...given } = trace();
  await store.startTrace(given);
  await store.endTrace('t1', { status: 'completed' });
  await store.flush();
  expect(await store.getTrace('t1')).toMatchObject({
    startedAt: new Date('2030-01-01'),
    completedAt: new Date('2030-01-01'),
  });
  await store.close();
});
