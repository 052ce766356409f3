/** Two copies of the package in one process, as bundlers and package managers make them, share one engine. */
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { numberedSpans } from './children/spans.mjs';
import { openStore, tempFolder } from './support.js';
import { runScript } from './support/child.js';

const ROOT = join(import.meta.dirname, '..');

/** A folder with all that the package is at run time, beside what it depends on. */
function packageCopy(): string {
  const place = tempFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  const folder = join(place, 'tracestore');
  for (const part of ['dist', 'native', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  return folder;
}

it.each([
  ['the first closes first', 0, false],
  ['the second closes first', 1, false],
  ['the second is used in a worker thread', 0, true],
])('write to one file and read all back: %s', async (_name, closesFirst, inWorker) => {
  const path = join(tempFolder(), 'traces.db');
  const task = { path, folders: [packageCopy(), packageCopy()], closesFirst, inWorker };
  const outcome = await runScript('packages.mjs', task);
  expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(JSON.parse(outcome.stdout)).toEqual(inWorker ? [21] : [20, 20, 21]);
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect(await openStore({ path }).getSpans('t1')).toEqual(numberedSpans(21));
});
