/** The log or its index taken away under a running store, as a clean-up script does. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteTraceStore } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { failure, openStore, tempFolder } from './support.js';
import { runScript, startScript } from './support/child.js';

vi.setConfig({ testTimeout: 60_000 });

async function runningStore(options = {}): Promise<[SqliteTraceStore, string]> {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path, ...options });
  await store.addSpan(numberedSpan(0));
  await store.getSpans('t1');
  return [store, path];
}

function takeAway(path: string, suffixes = ['-wal', '-shm']): void {
  for (const suffix of suffixes) rmSync(path + suffix);
}

describe.each([
  ['the log', ['-wal']],
  ['the index', ['-shm']],
  ['both', ['-wal', '-shm']],
])('%s, while nobody else has the file open', (_name, suffixes) => {
  it('costs a write nothing', async () => {
    const [store, path] = await runningStore();
    takeAway(path, suffixes);
    await store.addSpan(numberedSpan(1));
    expect(await store.getSpans('t1')).toEqual(numberedSpans(2));
    expect(await store.verify()).toMatchObject({ ok: true, counts: { spans: 2 } });
    await store.close();
    expect(await openStore({ path }).getSpans('t1')).toEqual(numberedSpans(2));
  });

  it('is found out by a read', async () => {
    const [store, path] = await runningStore();
    takeAway(path, suffixes);
    const error = await failure(store.getSpans('t1'));
    expect(error).toMatchObject({ code: 'IO', method: 'getSpans' });
    expect(error.message).toContain(`${path}-wal or -shm was deleted or replaced`);
    expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
    await store.addSpan(numberedSpan(1));
    expect(await store.getSpans('t1')).toEqual(numberedSpans(2));
  });

  it('is found out by verify()', async () => {
    const [store, path] = await runningStore();
    takeAway(path, suffixes);
    expect((await failure(store.verify())).code).toBe('IO');
    await store.addSpan(numberedSpan(0));
    expect(await store.verify()).toMatchObject({ ok: true, counts: { spans: 1 } });
  });

  it('costs nothing when the store closes next', async () => {
    const [store, path] = await runningStore();
    takeAway(path, suffixes);
    await store.close();
    expect(await openStore({ path }).getSpans('t1')).toEqual(numberedSpans(1));
  });

  it("costs nothing in locking: 'exclusive' either", async () => {
    const [store, path] = await runningStore({ locking: 'exclusive' });
    takeAway(
      path,
      suffixes.filter((suffix) => suffix === '-wal'),
    );
    await store.addSpan(numberedSpan(1));
    expect(await store.getSpans('t1')).toEqual(numberedSpans(2));
  });
});

describe('both, and another process wrote since', () => {
  const missing = /the last 1 writes that were acknowledged here are missing/;

  async function overtaken(): Promise<[SqliteTraceStore, string]> {
    const path = join(tempFolder(), 'traces.db');
    const store = openStore({ path, busyTimeoutMs: 500 });
    await store.addSpan(numberedSpan(5));
    takeAway(path);
    return [store, path];
  }

  it('which is gone: its writes stay, ours are said to be missing', async () => {
    const [store, path] = await overtaken();
    expect(await runScript('use.mjs', { options: { path }, steps: ['write'] })).toMatchObject({ code: 0 });
    const error = await failure(store.addSpan(numberedSpan(6)));
    expect(error.code).toBe('IO');
    expect(error.message).toMatch(missing);
    expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
    await store.addSpan(numberedSpan(1));
    expect(await store.verify()).toMatchObject({ ok: true, counts: { spans: 2 } });
  });

  it('which is still there', async () => {
    const [store, path] = await overtaken();
    const other = startScript('stays.mjs', { path });
    await other.printed(1);
    expect((await failure(store.addSpan(numberedSpan(6)))).message).toMatch(missing);
    await store.addSpan(numberedSpan(1));
    other.tell('go');
    expect(await other.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await store.getSpans('t1')).toEqual(numberedSpans(2));
    expect(await store.verify()).toMatchObject({ ok: true, counts: { spans: 2 } });
  });

  it('which was killed', async () => {
    const [store, path] = await overtaken();
    await runScript('use.mjs', { options: { path }, steps: ['write', 'die'] });
    expect((await failure(store.addSpan(numberedSpan(6)))).message).toMatch(missing);
    expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
    expect(await store.verify()).toMatchObject({ ok: true, counts: { spans: 1 } });
  });

  it('is told by a close that finds out', async () => {
    const path = join(tempFolder(), 'traces.db');
    const store = new SqliteTraceStore({ path });
    await store.addSpan(numberedSpan(5));
    takeAway(path);
    expect(await runScript('use.mjs', { options: { path }, steps: ['write'] })).toMatchObject({ code: 0 });
    const error = await failure(store.close());
    expect(error).toMatchObject({ code: 'IO', method: 'close' });
    expect(error.message).toMatch(missing);
    const opened = openStore({ path });
    expect(await opened.getSpans('t1')).toEqual(numberedSpans(1));
    expect(await opened.verify()).toMatchObject({ ok: true });
  });

  it('is told by the use after a read that found out', async () => {
    const [store, path] = await overtaken();
    expect(await runScript('use.mjs', { options: { path }, steps: ['write'] })).toMatchObject({ code: 0 });
    expect((await failure(store.getSpans('t1'))).code).toBe('IO');
    expect((await failure(store.getSpans('t1'))).message).toMatch(missing);
    expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
  });
});

it('a viewer in the same process lets go too, once it is used', async () => {
  const [store, path] = await runningStore();
  const viewer = openStore({ path, readonly: true });
  expect(await viewer.getSpans('t1')).toHaveLength(1);
  takeAway(path);
  expect((await failure(viewer.getSpans('t1'))).code).toBe('IO');
  await store.addSpan(numberedSpan(1));
  expect(await store.getSpans('t1')).toEqual(numberedSpans(2));
  expect(await viewer.getSpans('t1')).toEqual(numberedSpans(2));
});

it('an idle viewer in the same process keeps the log from being copied: that is said, and nothing is mixed up', async () => {
  const [store, path] = await runningStore({ busyTimeoutMs: 500 });
  const viewer = openStore({ path, readonly: true, busyTimeoutMs: 500 });
  expect(await viewer.getSpans('t1')).toHaveLength(1);
  takeAway(path);
  const error = await failure(store.addSpan(numberedSpan(7)));
  expect(error.message).toContain('something else still has the file open');
  expect((await failure(store.addSpan(numberedSpan(7)))).message).toContain('was deleted or replaced');
  await viewer.close();
  await store.addSpan(numberedSpan(1));
  expect(await store.getSpans('t1')).toEqual([{ schemaVersion: 1, ...numberedSpan(1) }]);
  expect(await store.verify()).toMatchObject({ ok: true, counts: { spans: 1 } });
});
