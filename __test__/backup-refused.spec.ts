/** `backup()` to a place where no copy can go: refused by name, and what is there stays. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackupOptions } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { failure, openStore, tempFolder, trace } from './support.js';
import { runScript } from './support/child.js';
import { closedFile, setModes } from './support/files.js';
import { filledStore } from './support/filled.js';

vi.setConfig({ testTimeout: 60_000 });

describe('a place where no copy can go', () => {
  async function refused(path: string, options?: BackupOptions) {
    const store = openStore();
    await store.startTrace(trace());
    return failure(store.backup(path, options));
  }

  it('something is there: ALREADY_EXISTS, and it stays as it is', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'copy.db'), 'mine');
    writeFileSync(join(folder, 'other.db-wal'), 'a log');
    mkdirSync(join(folder, 'directory'));
    const before = readdirSync(folder);
    for (const [name, named] of [
      ['copy.db', 'copy.db'],
      ['directory', 'directory'],
      ['other.db', 'other.db-wal'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one case after the other
      const error = await refused(join(folder, name));
      expect(error).toMatchObject({ code: 'ALREADY_EXISTS', method: 'backup' });
      expect(error.message).toContain(`${join(folder, named)} exists`);
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  it("the store's own file: INVALID_ARGUMENT", async () => {
    const { store, path } = await filledStore();
    const error = await failure(store.backup(path));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'backup' });
    expect(error.message).toContain('is the store itself');
    expect(await store.verify()).toMatchObject({ ok: true });
  });

  it('a folder that is not there: IO with its name', async () => {
    const folder = join(tempFolder(), 'missing');
    const error = await refused(join(folder, 'copy.db'));
    expect(error).toMatchObject({ code: 'IO', method: 'backup' });
    expect(error.message).toContain(`there is no folder ${folder}`);
    expect(existsSync(folder)).toBe(false);
  });

  it('a folder that this user may not write: IO with the remedy', async () => {
    const path = await closedFile();
    const target = join(tempFolder(), 'copy.db');
    // Anybody may read the store, and nobody write where the copy should go.
    setModes(dirname(path), 0o755, 0o644);
    setModes(dirname(target), 0o555, 0o644);
    const task = { options: { path, readonly: true }, target, steps: ['backup'], asNobody: true };
    const outcome = await runScript('use.mjs', task);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const [error] = JSON.parse(outcome.stdout) as Array<{ code: string; message: string }>;
    expect(error).toMatchObject({ code: 'IO' });
    expect(error?.message).toMatch(/can't make a file beside .*copy[.]db.*make the folder writable/);
  });

  it.each([
    '',
    'file:x.db',
    ':memory:',
    'a\0b',
    'x.db-wal',
    'x.db-shm',
    'x.db-journal',
    'x.db-journal/',
    'x.db-wal/.',
    'x.db-shm/y/..',
    7 as never,
  ])('no path: %j', async (path) => {
    expect(await refused(path)).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'path' });
  });

  it.each([
    [{ onprogress: () => {} }, 'options.onprogress'],
    [{ onProgress: 1 }, 'options.onProgress'],
    [{ signal: {} }, 'options.signal'],
    [7, 'options'],
  ])('no options: %j', async (options, field) => {
    const path = join(tempFolder(), 'copy.db');
    expect(await refused(path, options as never)).toMatchObject({ code: 'INVALID_ARGUMENT', field });
    expect(existsSync(path)).toBe(false);
  });
});
