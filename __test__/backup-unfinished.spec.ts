/** `backup()` and `verify()` that are ended, by whatever: no half copy is left, and callers hear why. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { failure, openStore } from './support.js';
import { runScript } from './support/child.js';
import { filledStore } from './support/filled.js';
import { Lock, NO_LOCK } from './support/lock.js';

vi.setConfig({ testTimeout: 60_000 });

describe('a backup that is not finished leaves nothing', () => {
  describe.skipIf(NO_LOCK !== '')(`and neither does a check; both wait for a write ${NO_LOCK}`, () => {
    /** A backup and a check that can't begin before the lock is released, and so are not finished before. */
    async function waiting(signal?: AbortSignal) {
      const { store, path, target } = await filledStore({ busyTimeoutMs: 60_000 });
      const lock = await Lock.hold(path);
      void store.setTraceTags('t1', ['late']);
      const options = signal === undefined ? {} : { signal };
      const jobs = [store.backup(target, options), store.verify(options)];
      for (const job of jobs) job.catch(() => {});
      return { store, target, lock, jobs };
    }

    it('aborted: they reject with the reason', async () => {
      const controller = new AbortController();
      const { store, target, lock, jobs } = await waiting(controller.signal);
      controller.abort(new Error('enough'));
      await lock.release();
      for (const job of jobs) await expect(job).rejects.toThrow('enough');
      await expect(store.backup(target, { signal: controller.signal })).rejects.toThrow('enough');
      await expect(store.verify({ signal: controller.signal })).rejects.toThrow('enough');
      expect(readdirSync(dirname(target))).toEqual([]);
      expect(await store.getTrace('t1')).toMatchObject({ tags: ['late'] });
    });

    it('the store is closed: CLOSED', async () => {
      const { store, target, lock, jobs } = await waiting();
      const closed = store.close();
      await lock.release();
      await closed;
      expect(readdirSync(dirname(target))).toEqual([]);
      for (const [job, method] of [
        [jobs[0], 'backup'],
        [jobs[1], 'verify'],
        [store.backup(target), 'backup'],
        [store.verify(), 'verify'],
      ] as const) {
        expect(await failure(job as Promise<unknown>)).toMatchObject({ code: 'CLOSED', method });
      }
      expect(readdirSync(dirname(target))).toEqual([]);
    });
  });

  it('a listener that throws: it rejects with that', async () => {
    const { store, target } = await filledStore();
    const onProgress = (): void => {
      throw new Error('not interested');
    };
    await expect(store.backup(target, { onProgress })).rejects.toThrow('not interested');
    expect(readdirSync(dirname(target)).filter((name) => name !== basename(target))).toEqual([]);
  });

  it('another instance is closed: it goes on', async () => {
    const { store, path, target } = await filledStore();
    const other = openStore({ path });
    await other.getTrace('t1');
    const copied = store.backup(target);
    await other.close();
    expect(await copied).toMatchObject({ path: target });
  });

  it.each(['exit', 'terminate'])('the process or worker ends by %s', async (end) => {
    const { store, path, target } = await filledStore();
    await store.close();
    const outcome = await runScript('backup.mjs', { path, target, end });
    expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' });
    const left = readdirSync(dirname(target));
    // What ends a process may come too late for a backup, which is whole then.
    expect(left.filter((name) => name !== basename(target))).toEqual([]);
    if (left.length > 0) expect(await openStore({ path: target }).verify()).toMatchObject({ ok: true });
  });

  it('the process is killed: a .partial file, which is in nobody’s way', async () => {
    const { store, path, target } = await filledStore();
    await store.close();
    const outcome = await runScript('backup.mjs', { path, target, end: 'kill' });
    expect(outcome).toMatchObject({ signal: 'SIGKILL' });
    const again = openStore({ path });
    if (!existsSync(target)) await again.backup(target);
    expect(await openStore({ path: target }).verify()).toMatchObject({ ok: true });
  });
});
