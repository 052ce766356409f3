/** Design rule 7: a file that is moved, deleted or replaced under a running store. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SqliteTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { failure, openStore, tempFolder } from './support.js';
import { closedFile } from './support/files.js';
import { Lock, NO_LOCK } from './support/lock.js';

describe('a file that goes away under a running store', () => {
  async function runningStore(): Promise<[SqliteTraceStore, string]> {
    const path = join(tempFolder(), 'traces.db');
    const store = openStore({ path });
    await store.addSpan(numberedSpan(0));
    await store.getSpans('t1');
    return [store, path];
  }

  it('deleted with its log: IO for what is under way, then a new file', async () => {
    const [store, path] = await runningStore();
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix);
    const error = await failure(store.addSpan(numberedSpan(1)));
    expect(error.code).toBe('IO');
    expect(error.message).toContain(`${path} was deleted`);
    await store.addSpan(numberedSpan(0));
    expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
    expect(existsSync(path)).toBe(true);
  });

  it('moved away: it takes its committed writes along, and the next use makes a new file', async () => {
    const [store, path] = await runningStore();
    const idle = openStore({ path });
    expect(await idle.getSpans('t1')).toHaveLength(1);
    renameSync(path, `${path}.moved`);
    expect((await failure(store.addSpan(numberedSpan(1)))).code).toBe('IO');
    await store.addSpan(numberedSpan(2));
    await Promise.all([store.close(), idle.close()]);
    expect(await openStore({ path: `${path}.moved` }).getSpans('t1')).toEqual(numberedSpans(1));
    expect(await openStore({ path }).getSpans('t1')).toHaveLength(1);
  });

  it.skipIf(NO_LOCK !== '')(
    `moved away while another process holds its lock: no call waits for that ${NO_LOCK && `(skipped: ${NO_LOCK})`}`,
    async () => {
      const path = join(tempFolder(), 'traces.db');
      // Longer than a test may take.
      const store = openStore({ path, busyTimeoutMs: 60_000 });
      await store.addSpan(numberedSpan(0));
      const lock = await Lock.hold(path);
      renameSync(path, `${path}.moved`);
      expect((await failure(store.getSpans('t1'))).code).toBe('IO');
      const written = store.addSpan(numberedSpan(0));
      // In this turn it is handed over.
      await setImmediate();
      await lock.release();
      await written;
      expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
      await store.close();
      expect(await openStore({ path: `${path}.moved` }).getSpans('t1')).toEqual(numberedSpans(1));
    },
  );

  it('deleted, found out by a read', async () => {
    const [store, path] = await runningStore();
    rmSync(path);
    expect((await failure(store.getSpans('t1'))).code).toBe('IO');
    expect(await store.getSpans('t1')).toEqual([]);
    await store.addSpan(numberedSpan(0));
    expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
  });

  it.each([
    ['with the old log left behind', ['']],
    ['without the old log', ['', '-wal', '-shm']],
  ])('replaced %s: IO, then the new file and nothing of the old', async (_name, removed) => {
    const other = await closedFile(5);
    const [store, path] = await runningStore();
    for (const suffix of removed) rmSync(path + suffix);
    renameSync(other, path);
    const error = await failure(store.addSpan(numberedSpan(7)));
    expect(error.code).toBe('IO');
    expect(error.message).toContain('replaced');
    expect(await store.getSpans('t1')).toEqual(numberedSpans(5));
    await store.addSpan(numberedSpan(5));
    await store.close();
    expect(await openStore({ path }).getSpans('t1')).toEqual(numberedSpans(6));
  });
});
