/** `verify()`: says nothing against a sound store, and names what is damaged. What it finds case by case is in tests/verify.rs. */
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SqliteTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { numberedSpan } from './children/spans.mjs';
import { at, failure, openStore, session, snapshot, span, tempFolder, trace } from './support.js';
import { startScript } from './support/child.js';
import { replaceOnce } from './support/files.js';

/** Some of everything, rewritten and shared. */
async function record(store: SqliteTraceStore): Promise<void> {
  const messages = Array.from({ length: 20 }, (_, n) => ({ role: 'user', content: `${n} `.repeat(100) }));
  await store.upsertSession(session({ metadata: { notes: messages.slice(0, 3) } }));
  await store.ensureConfigSnapshot(snapshot({ prompts: { system: 'Be brief. '.repeat(50) } }));
  await store.startTrace(trace({ sessionId: 'c1', tags: ['a', 'b', 'a'] }));
  for (let n = 1; n <= messages.length; n++) {
    void store.addSpan(span({ spanId: `s${n}`, startedAt: at(n), input: messages.slice(0, n) }));
    void store.addSpan(numberedSpan(n, { traceId: 'early', bytes: 2000 }));
  }
  await store.addSpan(span({ spanId: 's3', input: 'rewritten' }));
  await store.upsertSession(session({ tags: ['x'], metadata: { notes: 'short' } }));
  await store.setTraceTags('t1', ['b', 'c']);
  await store.endTrace('t1', { status: 'completed', output: { success: true, data: messages } });
}

it('finds nothing in a sound store, counts it, and tells how far it is', async () => {
  const store = openStore();
  await record(store);
  const steps: Array<{ checkedRows: number; totalRows: number }> = [];
  const report = await store.verify({ onProgress: (step) => steps.push(step) });
  const { counts } = await store.info();
  expect(report).toEqual({
    ok: true,
    problems: [],
    problemCount: 0,
    counts: { ...counts, pieces: expect.any(Number) as number },
  });
  expect(counts).toEqual({ traces: 2, spans: 40, sessions: 1, configSnapshots: 1 });
  const total = steps[0]?.totalRows as number;
  expect(steps.at(-1)).toEqual({ checkedRows: total, totalRows: total });
  expect(steps.every((step) => step.totalRows === total)).toBe(true);
  expect(steps.filter((step) => step.checkedRows === total)).toHaveLength(1);
  expect(steps).toEqual(steps.toSorted((one, other) => one.checkedRows - other.checkedRows));
  // Each text and who owns it; of each span its row and its manifest; a trace thrice (itself, its tags, its sets), and
  // once that which has spans only; a session thrice, a snapshot; three rows of tags and the sets that they are in.
  expect(total).toBeGreaterThan(2 * report.counts.pieces + 2 * 40 + 3 + 1 + 3 + 1 + 3 + 3);
});

it('of an empty store', async () => {
  expect(await openStore().verify()).toMatchObject({ ok: true, counts: { traces: 0, pieces: 0 } });
});

it('finds nothing while another process writes and this one rewrites', async () => {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path });
  await record(store);
  const writer = startScript('writer.mjs', { path, traceId: 'child', bytes: 500 });
  await writer.printed(1);
  const spans: number[] = [];
  for (let round = 0; round < 10; round++) {
    const rewritten = session({ metadata: { notes: `${round} `.repeat(200) } });
    for (let n = 0; n < 20; n++)
      void store.upsertSession({ ...rewritten, metadata: { n, ...rewritten.metadata } });
    // oxlint-disable-next-line no-await-in-loop -- one check after the other
    const report = await store.verify();
    expect(report).toMatchObject({ ok: true, problems: [] });
    spans.push(report.counts.spans);
  }
  writer.kill();
  expect(spans.at(-1)).toBeGreaterThan(spans[0] as number);
  expect(spans).toEqual(spans.toSorted((one, other) => one - other));
});

it('names what is damaged, and the rest can be read', async () => {
  const store = openStore();
  await record(store);
  const path = join(tempFolder(), 'copy.db');
  await store.backup(path);
  // Nobody has the copy open: one page in its middle goes bad.
  const file = openSync(path, 'r+');
  const page = Buffer.alloc(4096);
  const offset = Math.floor(statSync(path).size / 4096 / 2) * 4096;
  readSync(file, page, 0, page.length, offset);
  for (let n = 200; n < page.length; n++) page[n] = (page[n] as number) ^ 0x5a;
  writeSync(file, page, 0, page.length, offset);
  closeSync(file);

  const damaged = openStore({ path, readonly: true });
  const report = await damaged.verify();
  expect(report.ok).toBe(false);
  expect(report.problemCount).toBeGreaterThanOrEqual(report.problems.length);
  expect(report.problems.length).toBeGreaterThan(0);
  for (const problem of report.problems) {
    expect(problem).toEqual({
      area: expect.stringMatching(/^(database|documents|pieces|owners|tags)$/) as string,
      message: expect.stringMatching(/./) as string,
    });
  }
  expect(await store.verify()).toMatchObject({ ok: true });
});

describe('sets and counts that lists come from', () => {
  const SECRET = 'nobody may read this in a report';
  /** The only row in the set of this value, as the file has it: its number as two bytes. */
  const member = (value: string, row: number) => Buffer.from([...Buffer.from(value), row, 0]);
  /** The ids of traces, spans, sessions and snapshots given out last, and behind them how many there are. */
  const counts = (traces: number) => Buffer.from([11, 23, 7, 5, traces, 23, 7, 5]);

  /** A closed file. */
  async function recorded(): Promise<string> {
    const path = join(tempFolder(), 'traces.db');
    const store = openStore({ path });
    const input = { prompt: SECRET, parameters: { SECRET } };
    for (let n = 1; n <= 11; n++) {
      const named = n === 1 ? { agentName: 'one-agent', tags: ['one-tag'] } : {};
      void store.startTrace(trace({ traceId: `t${n}`, input, apiInput: SECRET, ...named }));
    }
    for (let n = 1; n <= 23; n++) void store.addSpan(span({ spanId: `s${n}`, input: SECRET }));
    for (let n = 1; n <= 7; n++) {
      const tags = n === 1 ? ['one-label'] : [];
      void store.upsertSession(session({ sessionId: `c${n}`, tags, metadata: { SECRET } }));
    }
    for (let n = 1; n <= 5; n++) void store.ensureConfigSnapshot(snapshot({ snapshotId: `g${n}` }));
    await store.close();
    return path;
  }

  it.each([
    [
      'agents',
      member('one-agent', 1),
      member('one-agent', 2),
      'the sets of traces by agentName have 11 members',
    ],
    ['tags', member('one-tag', 1), member('one-tag', 2), 'the sets of traces by tags have 1 members'],
    ['labels', member('one-label', 1), member('one-label', 2), 'the sets of sessions by tags have 1 members'],
    ['counts', counts(11), counts(12), 'state says 12 traces, 11 were found'],
  ])('%s: named by their kind, and nothing is quoted', async (_name, before, after, message) => {
    const path = await recorded();
    replaceOnce(path, before, after);
    const damaged = openStore({ path });
    const report = await damaged.verify();
    expect(report).toMatchObject({ ok: false, problemCount: 1, counts: { traces: 11, spans: 23 } });
    expect(report.problems).toEqual([{ area: 'lists', message: expect.stringContaining(message) as string }]);
    expect(JSON.stringify(report)).not.toMatch(/nobody may read|one-/);
    // The documents are as they were.
    expect(await damaged.getTrace('t1')).toMatchObject({ input: { prompt: SECRET }, agentName: 'one-agent' });
  });
});

it('refuses options it does not know', async () => {
  const error = await failure(openStore().verify({ deep: true } as never));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'verify', field: 'options.deep' });
});

it('tells of a store that is too damaged to be opened', async () => {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path });
  await record(store);
  await store.close();
  replaceOnce(path, Buffer.from('CREATE TABLE facet'), Buffer.from('CREATE TABLE fucet'));
  for (const readonly of [false, true]) {
    const damaged = openStore({ path, readonly });
    expect(await failure(damaged.listTraces())).toMatchObject({ code: 'CORRUPT' });
    const report = await damaged.verify();
    expect(report).toMatchObject({ ok: false, problemCount: 1, problems: [{ area: 'database' }] });
    expect(report.problems[0]?.message).toContain(path);
    expect(await failure(damaged.backup(`${path}.copy`))).toMatchObject({ code: 'CORRUPT' });
  }
});
