/** `backup()`: a whole copy from one moment, of any store, while others write. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { SqliteTraceStore } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { failure, openStore, session, snapshot, tempFolder } from './support.js';
import { runScript, startScript } from './support/child.js';
import { bytesOf, closedFile } from './support/files.js';
import { BYTES, fill, filledStore, SPANS } from './support/filled.js';

vi.setConfig({ testTimeout: 60_000 });

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
    // What runs in the store has nobody in the copy who could end it.
    expect(await copy.getTrace('t1')).toEqual({ ...(await store.getTrace('t1')), state: 'aborted' });
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
