/** Design rules 8 and 10: which files a store takes, makes, refuses and recovers, and that it never harms another's. */
import { chmodSync, chownSync, existsSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SqliteTraceStore, type SqliteTraceStoreOptions } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { failure, openStore, span, tempFolder } from './support.js';
import { runScript, type Outcome } from './support/child.js';
import {
  anonymousFile,
  bytesOf,
  closedFile,
  foreignFile,
  newerFile,
  setModes,
  textFile,
} from './support/files.js';

vi.setConfig({ testTimeout: 60_000 });

type Options = SqliteTraceStoreOptions;
type Step = number | { code: string; message: string };

async function stepsAsNobody(options: Options, steps: string[]): Promise<Step[]> {
  const outcome = await runScript('use.mjs', { options, steps, asNobody: true });
  expect(outcome).toMatchObject({ code: 0, signal: null });
  return JSON.parse(outcome.stdout) as Step[];
}

describe('a path that is no file of ours keeps every byte', () => {
  it.each([
    ['text', async () => textFile(20_000), 'UNSUPPORTED'],
    ['a few letters', async () => textFile(10), 'UNSUPPORTED'],
    ["another program's SQLite file", foreignFile, 'UNSUPPORTED'],
    ['an SQLite file without a name', anonymousFile, 'UNSUPPORTED'],
    ['a file of a newer version', newerFile, 'SCHEMA_TOO_NEW'],
  ])('%s', async (_name, make, code) => {
    const path = await make();
    const before = bytesOf(dirname(path));
    for (const readonly of [false, true]) {
      const store = new SqliteTraceStore({ path, readonly });
      const reading = await failure(store.getTrace('t1'));
      expect(reading).toMatchObject({ code, method: 'getTrace' });
      expect(reading.message).toContain(path);
      if (!readonly) expect(await failure(store.addSpan(span()))).toMatchObject({ code, method: 'addSpan' });
      expect((await failure(store.info())).code).toBe(code);
      await store.close();
      expect(bytesOf(dirname(path))).toEqual(before);
    }
  });

  it('a folder', async () => {
    const path = tempFolder();
    const store = openStore({ path });
    const error = await failure(store.addSpan(span()));
    expect(error.code).toBe('IO');
    expect(error.message).toContain(`${path} is a directory`);
    expect((await failure(store.getTrace('t1'))).code).toBe('IO');
    expect(bytesOf(path)).toEqual([]);
  });
});

describe('a file name means itself', () => {
  const names = [
    'what?mode=memory',
    '#1.db',
    '100%.db',
    '%41.db',
    'with  spaces .db',
    "it's.db",
    'Größe 跟踪 🔍.db',
    '-wal',
    '.hidden',
    'line\nbreak.db',
    'back\\slash.db',
  ];

  it.each([...names, 'file:traces.db?mode=memory&cache=shared', ':memory:'])('%j', async (name) => {
    const folder = tempFolder();
    const store = new SqliteTraceStore({ path: join(folder, name) });
    await store.addSpan(numberedSpan(0));
    expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
    await store.close();
    expect(bytesOf(folder).map((line) => line.slice(0, line.lastIndexOf(' ')))).toEqual([name]);
    // The one way in which we build a URI ourselves.
    setModes(folder, 0o555, 0o444);
    expect(await stepsAsNobody({ path: join(folder, name), readonly: true }, ['read'])).toEqual([1]);
  });
});

describe('permissions', () => {
  it.each([
    ['by default', undefined, 0o600, 0o700],
    ['for a group', 0o640, 0o640, 0o750],
    ['for a group that writes, whatever the umask', 0o660, 0o660, 0o770],
  ])('of new files and folders %s', async (_name, fileMode, file, folder) => {
    const path = join(tempFolder(), 'a/b/traces.db');
    const store = openStore({ path, ...(fileMode !== undefined && { fileMode }) });
    await store.addSpan(span());
    const copy = join(dirname(path), 'copy.db');
    await store.backup(copy);
    const modes = [path, `${path}-wal`, `${path}-shm`, copy].map((name) => statSync(name).mode & 0o777);
    expect(modes).toEqual([file, file, file, file]);
    expect(statSync(dirname(path)).mode & 0o777).toBe(folder);
    expect(statSync(dirname(dirname(path))).mode & 0o777).toBe(folder);
  });

  it('of an existing file and folder stay as they are', async () => {
    const path = await closedFile();
    setModes(dirname(path), 0o755, 0o644);
    await openStore({ path, fileMode: 0o600 }).addSpan(span());
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o755);
  });
});

/** Only root can give a file away, as the tests of the gate run; elsewhere nothing can be planted in another's name. */
describe.skipIf(process.getuid?.() !== 0)('what another user planted beside a closed file', () => {
  const NOBODY = 65534;

  it.each(
    ['-wal', '-shm', '-journal', '-live'].flatMap((suffix): Array<[string, number]> => [
      [suffix, 0o666],
      [suffix, 0o600],
    ]),
  )('%s with mode %o is refused, and nobody touches either', async (suffix, mode) => {
    const path = await closedFile(3);
    writeFileSync(path + suffix, 'planted'.repeat(1000));
    chownSync(path + suffix, NOBODY, NOBODY);
    chmodSync(path + suffix, mode);
    const before = bytesOf(dirname(path));
    for (const readonly of [false, true]) {
      const store = new SqliteTraceStore({ path, readonly });
      // oxlint-disable-next-line no-await-in-loop -- one store after the other
      const error = await failure(readonly ? store.getSpans('t1') : store.addSpan(span()));
      expect(error.code).toBe('IO');
      expect(error.message).toContain(`${path}${suffix} belongs to another user`);
      // oxlint-disable-next-line no-await-in-loop -- one store after the other
      await store.close();
      expect(bytesOf(dirname(path))).toEqual(before);
    }
  });

  it('is taken from a member of a group that may write the file', async () => {
    const path = await closedFile(3);
    chmodSync(path, 0o660);
    writeFileSync(`${path}-wal`, '');
    chownSync(`${path}-wal`, NOBODY, process.getgid?.() ?? 0);
    chmodSync(`${path}-wal`, 0o660);
    expect(await openStore({ path }).getSpans('t1')).toHaveLength(3);
  });
});

it('a log of our own that more users may read than the file is theirs no longer', async () => {
  const path = join(tempFolder(), 'traces.db');
  await crash(path, ['write']);
  chmodSync(`${path}-wal`, 0o666);
  const store = openStore({ path });
  expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
  expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
});

describe('a folder that this user may not write', () => {
  it('is read with readonly: true, without a change; writes are refused', async () => {
    const path = await closedFile(3);
    setModes(dirname(path), 0o555, 0o444);
    const before = bytesOf(dirname(path));
    const steps = ['read', 'info', 'write', 'read'];
    const unsupported = expect.objectContaining({ code: 'UNSUPPORTED' }) as Step;
    expect(await stepsAsNobody({ path, readonly: true }, steps)).toEqual([3, 3, unsupported, 3]);
    expect(bytesOf(dirname(path))).toEqual(before);
  });

  it.each([
    ['an existing file', 'traces.db'],
    ['a new file', 'new.db'],
    ['a new folder', 'new/traces.db'],
  ])('takes no writes: %s is IO with a remedy', async (_name, name) => {
    const folder = dirname(await closedFile(3));
    setModes(folder, 0o555, 0o444);
    const before = bytesOf(folder);
    const [written] = await stepsAsNobody({ path: join(folder, name) }, ['write']);
    expect(written).toMatchObject({ code: 'IO' });
    expect((written as { message: string }).message).toContain(join(folder, name));
    expect((written as { message: string }).message).toMatch(/writ(e|able)|readonly: true/);
    expect(bytesOf(folder)).toEqual(before);
  });

  it.each([
    ['with its index', []],
    ['without its index', ['-shm']],
  ])('and a log that a crash left %s: all is read, or an error says why not', async (_name, removed) => {
    const path = join(tempFolder(), 'traces.db');
    await crash(path, ['write']);
    const link = linkFromElsewhere(path);
    for (const suffix of removed) rmSync(path + suffix);
    setModes(dirname(path), 0o555, 0o444);
    const before = bytesOf(dirname(path));
    for (const spelt of [path, link]) {
      const [read] = await stepsAsNobody({ path: spelt, readonly: true }, ['read']);
      if (read !== 1) expect(read).toMatchObject({ code: 'IO' });
    }
    expect(bytesOf(dirname(path))).toEqual(before);
  });
});

/** A link in another folder, where no log is beside it. */
function linkFromElsewhere(path: string): string {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  symlinkSync(path, join(folder, 'link.db'));
  return join(folder, 'link.db');
}

/** Leaves the file as a killed process does. */
async function crash(path: string, steps: string[]): Promise<void> {
  const outcome: Outcome = await runScript('use.mjs', { options: { path }, steps: [...steps, 'die'] });
  expect(outcome).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
}

describe('a log that a killed process left', () => {
  it.each([
    ['is recovered', false],
    ['is read with readonly: true', true],
  ])('%s', async (_name, readonly) => {
    const path = join(tempFolder(), 'traces.db');
    await crash(path, ['write']);
    expect(await openStore({ path, readonly }).getSpans('t1')).toEqual(numberedSpans(1));
  });

  it('is recovered, and known to info(), through a link', async () => {
    const path = join(tempFolder(), 'traces.db');
    await crash(path, ['write']);
    const store = openStore({ path: linkFromElsewhere(path) });
    expect(await store.getSpans('t1')).toEqual(numberedSpans(1));
    expect((await store.info()).walBytes).toBe(statSync(`${path}-wal`).size);
  });
});

it('readonly with a missing file is an error, and makes nothing', async () => {
  const path = join(tempFolder(), 'a/traces.db');
  const error = await failure(openStore({ path, readonly: true }).listTraces());
  expect(error.code).toBe('IO');
  expect(error.message).toContain(path);
  expect(existsSync(dirname(path))).toBe(false);
});
