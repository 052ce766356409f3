/** Design rules 1, 6, 7 and 17: what instances on one file share, what is theirs alone, and what reads see. */
import { linkSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { SqliteTraceStore, type SqliteTraceStoreOptions } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { failure, NOTHING, openStore, span, tempFolder, trace } from './support.js';
import { runScript } from './support/child.js';
import { closedFile } from './support/files.js';

vi.setConfig({ testTimeout: 60_000 });

/** The package's modules, the addon's loader included. */
const OURS = /[\\/](dist|native)[\\/][^\\/]+$/;

type Options = Partial<SqliteTraceStoreOptions>;

function newPath(): string {
  return join(tempFolder(), 'traces.db');
}

describe('two instances on one file', () => {
  it.each<[string, (path: string, folder: string) => string]>([
    ['the same path', (path) => path],
    ['a relative path', (path) => relative(process.cwd(), path)],
    ['a path with dots', (path, folder) => `${folder}/../${basename(folder)}/./${basename(path)}`],
    ['a symbolic link', (path, folder) => (symlinkSync(path, `${folder}/link`), `${folder}/link`)],
    ['a hard link', (path, folder) => (linkSync(path, `${folder}/hard`), `${folder}/hard`)],
    [
      'a linked folder',
      (path, folder) => (symlinkSync('.', `${folder}/in`), `${folder}/in/${basename(path)}`),
    ],
  ])('are one engine, found by %s', async (_name, spell) => {
    const path = newPath();
    const one = openStore({ path });
    await one.addSpan(numberedSpan(0));
    const spelt = spell(path, dirname(path));
    const other = openStore({ path: spelt });
    await Promise.all([one.addSpan(numberedSpan(1)), other.addSpan(numberedSpan(2))]);
    for (const store of [one, other]) expect(await store.getSpans('t1')).toEqual(numberedSpans(3));
    // Only an engine that is there already objects.
    expect((await failure(openStore({ path: spelt, busyTimeoutMs: 1 }).getSpans('t1'))).code).toBe(
      'CONFLICT',
    );
  });

  it.each<[keyof SqliteTraceStoreOptions, Options]>([
    ['locking', { locking: 'exclusive' }],
    ['busyTimeoutMs', { busyTimeoutMs: 1 }],
    ['maxQueueBytes', { maxQueueBytes: 1 }],
    ['onFull', { onFull: 'drop' }],
    ['blockTimeoutMs', { blockTimeoutMs: 1 }],
    ['exitTimeoutMs', { exitTimeoutMs: 1 }],
    ['fileMode', { fileMode: 0o640 }],
  ])('must agree in %s, until the first is closed', async (name, options) => {
    const path = newPath();
    const one = openStore({ path });
    await one.addSpan(numberedSpan(0));
    const other = openStore({ path, ...options });
    const error = await failure(other.getSpans('t1'));
    expect(error.code).toBe('CONFLICT');
    expect(error.message).toContain(name);
    await one.close();
    expect(await other.getSpans('t1')).toEqual(numberedSpans(1));
  });

  it('may differ in durability, readonly, and what belongs to the instance', async () => {
    const path = newPath();
    const dev = openStore({ path, defaultTags: ['dev'] });
    const audit = openStore({ path, defaultTags: ['audit'], captureContent: false, durability: 'power' });
    const redacted = openStore({
      path,
      redact: () => ({ prompt: 'gone', parameters: {} }),
      exitTimeoutMs: 5000,
    });
    for (const [traceId, store] of Object.entries({ dev, audit, redacted }))
      await store.startTrace(trace({ traceId }));
    const viewer = openStore({ path, readonly: true });
    expect(await viewer.getTrace('dev')).toMatchObject({ tags: ['dev'], input: { prompt: 'hello' } });
    expect(await viewer.getTrace('audit')).toMatchObject({ tags: ['audit'] });
    expect((await viewer.getTrace('audit'))?.input.prompt).not.toContain('hello');
    expect(await viewer.getTrace('redacted')).toMatchObject({ tags: [], input: { prompt: 'gone' } });
  });

  it("are two when both are ':memory:'", async () => {
    const [one, other] = [openStore({ path: ':memory:' }), openStore({ path: ':memory:' })];
    await one.addSpan(numberedSpan(0));
    expect(await other.getSpans('t1')).toEqual([]);
    expect(await one.getSpans('t1')).toEqual(numberedSpans(1));
  });

  it('open the file again after it was closed', async () => {
    const path = await closedFile(2);
    for (let n = 2; n < 5; n++) {
      const again = new SqliteTraceStore({ path });
      await again.addSpan(numberedSpan(n));
      await again.close();
    }
    expect(await openStore({ path }).getSpans('t1')).toEqual(numberedSpans(5));
  });

  it('are one engine even if the module is evaluated twice', async () => {
    const require = createRequire(import.meta.url);
    const copies = [0, 1].map(() => {
      for (const file of Object.keys(require.cache)) if (OURS.test(file)) delete require.cache[file];
      return require('tracestore') as typeof import('tracestore');
    });
    expect(copies[0]?.SqliteTraceStore).not.toBe(copies[1]?.SqliteTraceStore);
    const path = newPath();
    const stores = copies.map((copy) => new copy.SqliteTraceStore({ path }));
    await Promise.all(stores.map((store, n) => store.addSpan(numberedSpan(n))));
    for (const store of stores) expect(await store.getSpans('t1')).toEqual(numberedSpans(2));
    const error = await failure(openStore({ path, busyTimeoutMs: 1 }).getSpans('t1'));
    expect(error.code).toBe('CONFLICT');
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe('a read', () => {
  it('may come first, to a file that is not there yet', async () => {
    const path = newPath();
    expect(await openStore({ path }).getTrace('t1')).toBeNull();
    expect(await openStore({ path }).listTraces()).toEqual({ traces: [], total: 0, hasMore: false });
    expect((await openStore({ path }).info()).counts).toEqual(NOTHING);
  });

  it("sees all of its instance's earlier writes, awaited or not", async () => {
    const store = openStore();
    void store.startTrace(trace());
    for (let n = 0; n < 300; n++) void store.addSpan(numberedSpan(n, { bytes: 2000 }));
    const spans = store.getSpans('t1');
    void store.setTraceTags('t1', ['late']);
    expect(await spans).toEqual(numberedSpans(300, { bytes: 2000 }));
    expect(await store.getTrace('t1')).toMatchObject({ tags: ['late'] });
    // Nothing else is under way here that a read could be held up by.
    for (let n = 300; n < 330; n++) {
      void store.addSpan(numberedSpan(n));
      expect(await store.getSpans('t1')).toHaveLength(n + 1);
    }
  });

  it('sees what was given to the call, not what became of it later', async () => {
    const store = openStore();
    for (const [n, bytes] of [10, 100_000, 2_000_000].entries()) {
      const given = numberedSpan(n, { bytes });
      const written = store.addSpan(given);
      Object.assign(given, { name: 'changed', input: null });
      given.startedAt.setTime(0);
      await written;
      expect(await store.getSpans('t1')).toContainEqual({ schemaVersion: 1, ...numberedSpan(n, { bytes }) });
    }
  });

  it('gives objects that share nothing, though the file stores equal parts once', async () => {
    const store = openStore();
    const message = () => ({
      role: 'user',
      content: [{ text: 'x'.repeat(5000) }, { more: { deep: [1, 2, {}] } }],
    });
    const messages = () => [message(), message(), message()];
    const given = ['a', 'b', 'c'].map((spanId) =>
      span({
        spanId,
        input: { messages: messages() },
        output: messages(),
        metadata: { messages: messages() },
      }),
    );
    await Promise.all(given.map((item) => store.addSpan(item)));
    const read = [...(await store.getSpans('t1')), ...(await store.getSpans('t1'))];
    expect(read).toMatchObject([...given, ...given]);
    const objects = read.flatMap(objectsIn);
    expect(new Set(objects).size).toBe(objects.length);
  });
});

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

it("locking 'exclusive' works, and keeps another process out", async () => {
  const path = newPath();
  const store = openStore({ path, locking: 'exclusive' });
  await store.addSpan(numberedSpan(0));
  const outcome = await runScript('use.mjs', {
    options: { path, busyTimeoutMs: 100 },
    steps: ['write', 'read'],
  });
  expect(outcome).toMatchObject({ code: 0, signal: null });
  const busy = { code: 'BUSY', message: expect.stringContaining('another process') as string };
  expect(JSON.parse(outcome.stdout)).toEqual([busy, busy]);
  expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
  await store.close();
  expect(await openStore({ path }).getSpans('t1')).toEqual(numberedSpans(1));
});
