/** Where a store may be: behind links, under a name that is its own, a regular file. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { failure, openStore, tempFolder } from './support.js';
import { runScript } from './support/child.js';
import { bytesOf, closedFile } from './support/files.js';

describe('a symbolic link to what is not there yet', () => {
  it.each([
    ['the file', 'later.db', (folder: string) => symlinkSync('later.db', join(folder, 'link'))],
    [
      'its folder too',
      'deep/er/later.db',
      (folder: string) => symlinkSync('deep/er/later.db', join(folder, 'link')),
    ],
    [
      'a link to a link',
      'later.db',
      (folder: string) => {
        symlinkSync(join(folder, 'other'), join(folder, 'link'));
        symlinkSync('./later.db', join(folder, 'other'));
      },
    ],
  ])('%s is made behind it', async (_name, target, link) => {
    const folder = tempFolder();
    link(folder);
    const store = openStore({ path: join(folder, 'link') });
    await store.addSpan(numberedSpan(0));
    expect(existsSync(join(folder, `${target}-wal`))).toBe(true);
    expect(existsSync(join(folder, 'link-wal'))).toBe(false);
    const same = openStore({ path: join(folder, target) });
    await same.addSpan(numberedSpan(1));
    expect(await store.getSpans('t1')).toEqual(numberedSpans(2));
    expect(await openStore({ path: join(folder, 'link'), readonly: true }).getSpans('t1')).toHaveLength(2);
  });

  it('a viewer makes nothing there', async () => {
    const folder = tempFolder();
    symlinkSync('later.db', join(folder, 'link'));
    const error = await failure(openStore({ path: join(folder, 'link'), readonly: true }).getSpans('t1'));
    expect(error.code).toBe('IO');
    expect(readdirSync(folder)).toEqual(['link']);
  });

  it('a circle of links: IO', async () => {
    const folder = tempFolder();
    symlinkSync('one', join(folder, 'other'));
    symlinkSync('other', join(folder, 'one'));
    expect((await failure(openStore({ path: join(folder, 'one') }).getSpans('t1'))).code).toBe('IO');
  });
});

describe("a name that is another file's part", () => {
  it.each(['-wal', '-shm', '-journal', '-live'])(
    '%s behind a link is refused, and nothing is made',
    async (suffix) => {
      const folder = tempFolder();
      symlinkSync(`x.db${suffix}`, join(folder, 'link'));
      const error = await failure(openStore({ path: join(folder, 'link') }).addSpan(numberedSpan(0)));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'addSpan' });
      expect(error.message).toContain(`leads to ${join(folder, `x.db${suffix}`)}`);
      expect(readdirSync(folder)).toEqual(['link']);
    },
  );

  it.each(['-wal', '-shm', '-journal', '-live'])(
    'a link from our own %s to another store: IO, and that one stays',
    async (suffix) => {
      const other = await closedFile(3);
      const path = join(tempFolder(), 'x.db');
      symlinkSync(other, path + suffix);
      const before = bytesOf(dirname(other));
      const error = await failure(openStore({ path }).addSpan(numberedSpan(0)));
      expect(error.code).toBe('IO');
      expect(error.message).toContain(`${path}${suffix} is a symbolic link`);
      expect(bytesOf(dirname(other))).toEqual(before);
    },
  );
});

const LONGEST = 504;
/** A path below `folder` of so many bytes, of names as long as file systems take. */
function pathOf(bytes: number, folder: string): string {
  let path = folder;
  while (bytes - path.length > 202) path = join(path, 'f'.repeat(100));
  return join(path, 'x'.repeat(bytes - path.length - 1));
}

describe.skipIf(process.platform === 'win32')('a path that is too long for SQLite', () => {
  it('works up to 504 bytes, whatever lies beside the file', async () => {
    const path = pathOf(LONGEST, tempFolder());
    const store = openStore({ path });
    await store.addSpan(numberedSpan(0));
    expect(existsSync(`${path}-wal`)).toBe(true);
    await store.close();
    expect(await openStore({ path, readonly: true }).getSpans('t1')).toHaveLength(1);
  });

  it('behind a link is refused by its length, and nothing is made', async () => {
    const folder = tempFolder();
    symlinkSync(pathOf(LONGEST + 1, folder), join(folder, 'link'));
    const error = await failure(openStore({ path: join(folder, 'link') }).addSpan(numberedSpan(0)));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'addSpan' });
    expect(error.message).toContain('is a path of 505 bytes behind its links');
    expect(readdirSync(folder)).toEqual(['link']);
  });

  it('is refused for a backup, also where only the unfinished copy has no room', async () => {
    const store = openStore();
    await store.addSpan(numberedSpan(0));
    const tooLong = await failure(store.backup(pathOf(LONGEST + 1, tempFolder())));
    expect(tooLong).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'backup', field: 'path' });
    const target = pathOf(LONGEST, tempFolder());
    const folder = join(dirname(target), 'y'.repeat(basename(target).length - 2));
    mkdirSync(folder, { recursive: true });
    const error = await failure(store.backup(join(folder, 'x')));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'backup' });
    expect(error.message).toContain('.partial is a path of');
    expect(readdirSync(folder)).toEqual([]);
  });
});

it.each(['a lone \ud800.db', '\udc00'])('%j names no backup', async (target) => {
  const store = openStore();
  const error = await failure(store.backup(join(tempFolder(), target)));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'backup', field: 'path' });
});

const NO_PIPES = spawnSync('mkfifo', ['--version']).error === undefined ? '' : 'no mkfifo here';
describe(`a pipe ${NO_PIPES && `(skipped: ${NO_PIPES})`}`, () => {
  it.skipIf(NO_PIPES !== '').for([
    ['as the file, for a viewer', '', true],
    ['as the file', '', false],
    ['as the log, for a viewer', '-wal', true],
    ['as the log', '-wal', false],
    ["as the log's index", '-shm', false],
    ['as a journal', '-journal', false],
  ] as const)('%s: IO at once', async ([_name, suffix, readonly]) => {
    const path = suffix === '' ? join(tempFolder(), 'x.db') : await closedFile(1);
    spawnSync('mkfifo', [path + suffix]);
    const steps = readonly ? ['read'] : ['write', 'read'];
    const outcome = await runScript('use.mjs', { options: { path, readonly }, steps });
    expect(outcome).toMatchObject({ code: 0, signal: null });
    const message = expect.stringContaining(`${path}${suffix} is a pipe, socket or device`) as string;
    expect(JSON.parse(outcome.stdout)).toEqual(steps.map(() => ({ code: 'IO', message })));
  });

  it.skipIf(NO_PIPES !== '')('in the way of a backup: ALREADY_EXISTS', async () => {
    const target = join(tempFolder(), 'copy.db');
    spawnSync('mkfifo', [target]);
    const store = openStore();
    await store.addSpan(numberedSpan(0));
    expect((await failure(store.backup(target))).code).toBe('ALREADY_EXISTS');
  });
});

it('a device: IO', async () => {
  const error = await failure(openStore({ path: '/dev/null' }).addSpan(numberedSpan(0)));
  expect(error).toMatchObject({ code: 'IO' });
  expect(error.message).toContain('is a pipe, socket or device');
});

it('an index that is left of another file is in the way of a backup', async () => {
  const target = join(tempFolder(), 'copy.db');
  writeFileSync(`${target}-shm`, '');
  const store = openStore();
  await store.addSpan(numberedSpan(0));
  expect((await failure(store.backup(target))).code).toBe('ALREADY_EXISTS');
});
