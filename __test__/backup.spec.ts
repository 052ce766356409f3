/** `backup()`: a whole copy under its name or nothing, from one moment, while others write. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { BackupOptions, SqliteTraceStore, SqliteTraceStoreOptions } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { failure, openStore, session, snapshot, tempFolder, trace } from './support.js';
import { runScript, startScript } from './support/child.js';
import { bytesOf, closedFile, setModes } from './support/files.js';
import { Lock, NO_LOCK } from './support/lock.js';

vi.setConfig({ testTimeout: 60_000 });

/** Enough for several steps of 256 pages. */
const SPANS = 2000;
const BYTES = 3000;

async function fill(store: SqliteTraceStore, traceId = 't1'): Promise<void> {
  const written = Array.from({ length: SPANS }, (_, n) =>
    store.addSpan(numberedSpan(n, { traceId, bytes: BYTES })),
  );
  await Promise.all([store.startTrace(trace({ traceId, tags: ['a', 'b'] })), ...written]);
}

/** A store with something in it that is worth several steps, and where its copy goes. */
async function filledStore(options: Partial<SqliteTraceStoreOptions> = {}) {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path, ...options });
  await fill(store);
  return { store, path, target: join(tempFolder(), 'copy.db') };
}

/** The numbers of the spans of a trace. */
async function numbers(store: SqliteTraceStore, traceId: string): Promise<number[]> {
  return (await store.getSpans(traceId)).map((span) => span.durationMs);
}

describe('a copy that is made while others write', () => {
  it('is whole and of one moment, with all that was acknowledged, and its progress never goes back', async () => {
    const { store, path, target } = await filledStore();
    const writer = startScript('writer.mjs', { path, traceId: 'child', bytes: BYTES });
    await writer.printed(50);
    let writing = true;
    const own = (async () => {
      for (let n = SPANS; writing; n++) {
        // oxlint-disable-next-line no-await-in-loop -- one commit after the other
        await store.addSpan(numberedSpan(n, { bytes: BYTES }));
      }
    })();
    await store.upsertSession(session());
    // Not awaited: what was called before is in the copy.
    void store.ensureConfigSnapshot(snapshot());
    const acknowledged = writer.lines.length;
    const steps: Array<{ copiedPages: number; totalPages: number }> = [];
    const report = await store.backup(target, { onProgress: (step) => steps.push(step) });
    writing = false;
    writer.kill();
    await own;

    expect(readdirSync(dirname(target))).toEqual(['copy.db']);
    expect(report).toEqual({ path: target, fileBytes: statSync(target).size });
    const total = steps[0]?.totalPages;
    expect(steps.at(-1)).toEqual({ copiedPages: total, totalPages: total });
    expect(steps.every((step) => step.totalPages === total)).toBe(true);
    expect(steps).toEqual(steps.toSorted((one, other) => one.copiedPages - other.copiedPages));

    const copy = openStore({ path: target });
    expect(await copy.verify()).toMatchObject({ ok: true, problemCount: 0, problems: [] });
    expect(await copy.getSession('c1')).not.toBeNull();
    expect(await copy.getConfigSnapshot('cfg1')).not.toBeNull();
    const child = await numbers(copy, 'child');
    expect(child.length).toBeGreaterThanOrEqual(acknowledged);
    // Seven spans make one commit.
    expect(child).toEqual(Array.from({ length: 7 * Math.ceil(child.length / 7) }, (_, n) => n));
    const ours = await numbers(copy, 't1');
    expect(ours.length).toBeGreaterThanOrEqual(SPANS);
    expect(ours).toEqual(ours.map((_, n) => n));
    expect((await copy.getSpans('t1')).slice(0, 50)).toEqual(numberedSpans(50, { bytes: BYTES }));
  });

  it('can be written to, and knows nothing of what is written to the other', async () => {
    const { store, target } = await filledStore();
    await store.backup(target);
    await store.setTraceTags('t1', ['later']);
    const copy = openStore({ path: target });
    expect(await copy.getTrace('t1')).toMatchObject({ tags: ['a', 'b'] });
    await copy.setTraceTags('t1', ['copied']);
    expect((await copy.listTraces({ tags: ['copied'] })).total).toBe(1);
    expect((await store.listTraces({ tags: ['later'] })).total).toBe(1);
  });

  it('may be one of several at a time, beside reads', async () => {
    const { store, target } = await filledStore();
    const copies = ['1', '2', '3'].map((name) => store.backup(target + name));
    expect(await store.getTrace('t1')).toMatchObject({ traceId: 't1' });
    const reports = await Promise.all(copies);
    expect(new Set(reports.map((report) => report.fileBytes)).size).toBe(1);
  });
});

it.runIf(process.platform !== 'win32').each([
  [{}, 0o600],
  [{ fileMode: 0o640 }, 0o640],
])('has the permissions that the store makes files with: %j', async (options, mode) => {
  const target = join(tempFolder(), 'copy.db');
  await openStore(options).backup(target);
  expect(statSync(target).mode & 0o777).toBe(mode);
});

describe('stores of every kind', () => {
  it('a viewer makes a copy, of a file in use too, and changes nothing', async () => {
    const path = await closedFile(5);
    const before = bytesOf(dirname(path));
    const viewer = openStore({ path, readonly: true });
    const target = join(tempFolder(), 'copy.db');
    await viewer.backup(target);
    expect(await viewer.verify()).toMatchObject({ ok: true, counts: { spans: 5 } });
    await viewer.close();
    expect(bytesOf(dirname(path))).toEqual(before);

    const writer = openStore({ path });
    await writer.addSpan(numberedSpan(5));
    const beside = openStore({ path, readonly: true });
    await beside.backup(`${target}2`);
    expect(await openStore({ path: target }).getSpans('t1')).toEqual(numberedSpans(5));
    expect(await openStore({ path: `${target}2` }).getSpans('t1')).toEqual(numberedSpans(6));
  });

  it.each([
    ['in memory', { path: ':memory:' }],
    ['exclusive', { locking: 'exclusive' as const }],
  ])('%s', async (_name, options) => {
    const store = openStore(options);
    await fill(store);
    const target = join(tempFolder(), 'copy.db');
    await store.backup(target);
    expect(await store.verify()).toMatchObject({ ok: true });
    const copy = openStore({ path: target });
    expect(await copy.verify()).toMatchObject({ ok: true, counts: { traces: 1, spans: SPANS } });
    expect(await copy.getTrace('t1')).toEqual(await store.getTrace('t1'));
  });

  it('a store that is switched off refuses, and makes no file', async () => {
    const store = openStore({ enabled: false });
    const target = join(tempFolder(), 'copy.db');
    for (const method of ['backup', 'verify'] as const) {
      // oxlint-disable-next-line no-await-in-loop -- two cases
      const error = await failure(method === 'backup' ? store.backup(target) : store.verify());
      expect(error).toMatchObject({ code: 'UNSUPPORTED', method });
    }
    expect(existsSync(target)).toBe(false);
  });
});

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

  it.each(['', 'file:x.db', ':memory:', 'a\0b', 'x.db-wal', 'x.db-shm', 'x.db-journal', 7 as never])(
    'no path: %j',
    async (path) => {
      expect(await refused(path)).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'path' });
    },
  );

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

it('of a file that was deleted: IO, then of the new one', async () => {
  const { store, path, target } = await filledStore();
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix);
  const error = await failure(store.backup(target));
  expect(error).toMatchObject({ code: 'IO', method: 'backup' });
  expect(error.message).toContain(`${path} was deleted`);
  expect(readdirSync(dirname(target))).toEqual([]);
  await store.backup(target);
  expect(await openStore({ path: target }).verify()).toMatchObject({ ok: true, counts: { spans: 0 } });
});

it('keeps the process alive until it is done, and no longer', async () => {
  const { store, path, target } = await filledStore();
  await store.close();
  const outcome = await runScript('backup.mjs', { path, target });
  expect(outcome).toEqual({ code: 0, signal: null, stderr: '', stdout: `${statSync(target).size}\n` });
});

it('lets the event loop turn meanwhile', async () => {
  const { store, target } = await filledStore();
  let done = false;
  const copied = store.backup(target).finally(() => (done = true));
  let turns = 0;
  while (!done) {
    // oxlint-disable-next-line no-await-in-loop -- the loop's turns are what is counted
    await turn();
    turns++;
  }
  await copied;
  expect(turns).toBeGreaterThan(1);
});
