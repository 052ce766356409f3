/** Design rule 8: a second SQLite on the file in this process loses commits, so it is refused, or noticed when it comes later. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { openStore, tempFolder } from './support.js';
import { runScript } from './support/child.js';
import { closedFile } from './support/files.js';

vi.setConfig({ testTimeout: 60_000 });

it.each([[''], ['-wal'], ['-shm']])('is refused with the remedy: %j held', async (suffix) => {
  const path = await closedFile(1);
  if (suffix !== '') writeFileSync(path + suffix, '');
  const outcome = await runScript('holds.mjs', { path, held: path + suffix });
  expect(outcome).toMatchObject({ code: 0, signal: null });
  const { refused, spans } = JSON.parse(outcome.stdout) as { refused: unknown[]; spans: number };
  const message = expect.stringMatching(/open in this process.*Close better-sqlite3, node:sqlite/) as string;
  expect(refused).toEqual(refused.map(() => ({ code: 'CONFLICT', message })));
  expect(spans).toBe(1);
});

it.each([
  ['comes second', [0, 1]],
  ['comes first', [1, 0]],
])('is refused when it is that of another build of the addon, which %s', async (_name, order) => {
  const folder = tempFolder();
  const native = join(import.meta.dirname, '../native');
  const addon = readdirSync(native).find((file) => file.endsWith('.node')) ?? '';
  const addons = [join(native, addon), join(folder, 'copy.node')];
  copyFileSync(join(native, addon), join(folder, 'copy.node'));
  // An equal one would let the first do its work.
  appendFileSync(join(folder, 'copy.node'), 'another build');
  const path = join(folder, 'traces.db');
  const outcome = await runScript('copies.mjs', { path, copies: order.map((at) => addons[at]) });
  expect(outcome).toMatchObject({ code: 0, signal: null });
  expect(JSON.parse(outcome.stdout)).toEqual(['CONFLICT', 'CONFLICT']);
  expect(await openStore({ path }).getSpans('t1')).toEqual(numberedSpans(3));
});

const absent = (module: string): string => (has(module) ? '' : `(skipped: no ${module} here)`);
it.for([
  ['a plain descriptor', ''],
  ['better-sqlite3', absent('better-sqlite3')],
  ['node:sqlite', absent('node:sqlite')],
] as const)('that comes later is noticed, and nothing is lost: %s %s', async ([by, missing], { skip }) => {
  skip(missing !== '', missing);
  const path = join(tempFolder(), 'traces.db');
  const outcome = await runScript('intruder.mjs', { path, by }, { nodeFlags: ['--no-warnings'] });
  expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' });
  const refused = {
    code: 'CONFLICT',
    message: expect.stringMatching(/traces.db: .*open in this process.*Close better-sqlite3/) as string,
  };
  expect(JSON.parse(outcome.stdout)).toEqual({
    before: 'done',
    during: [refused, refused, refused, refused],
    after: ['done', 'done'],
  });
  expect(await openStore({ path }).getSpans('t1')).toEqual(numberedSpans(2));
});

it("is not mistaken for one: another file's descriptors, and our own", async () => {
  const folder = tempFolder();
  const [one, other] = ['a.db', 'b.db'].map((name) => openStore({ path: join(folder, name) }));
  await Promise.all([one?.addSpan(numberedSpan(0)), other?.addSpan(numberedSpan(0))]);
  expect(await openStore({ path: join(folder, 'a.db'), readonly: true }).getSpans('t1')).toHaveLength(1);
});

/** better-sqlite3 is one of the benchmarks' peers, node:sqlite is there from Node 22.5 on. */
function has(module: string): boolean {
  const probes: Record<string, string> = {
    'better-sqlite3': "new (require('better-sqlite3'))(':memory:')",
    'node:sqlite': "new (process.getBuiltinModule('node:sqlite').DatabaseSync)(':memory:')",
  };
  const cwd = join(import.meta.dirname, '../bench');
  return spawnSync(process.execPath, ['-e', probes[module] ?? ''], { cwd }).status === 0;
}
