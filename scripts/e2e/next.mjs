// examples/nextjs with the tarballs installed: build, serve on loopback, call the routes; and as standalone output.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { callRoutes } from './next-routes.mjs';
import { bin, install, scratch, tarballs } from './project.mjs';
import { run } from './run.mjs';
import { root } from './tarballs.mjs';
import { serve } from './serve.mjs';

export async function next(check, bundler) {
  const folder = await app();
  const database = join(scratch, `next-${bundler}.db`);
  if (!(await build(check, folder, bundler, database))) return;
  const args = [bin(folder, 'next'), 'start'];
  await serve(check, { args, cwd: folder, env: { TRACESTORE_PATH: database } }, (url, pid) =>
    useApp(check, url, pid),
  );
  await check('the file holds what the routes recorded', () => holdsTraces(folder, database));
}

export async function standalone(check, bundler) {
  const folder = await app();
  const moved = join(scratch, `standalone-${bundler}`);
  const database = join(moved, 'data', 'traces.db');
  if (!(await build(check, folder, bundler, database, { STANDALONE: '1' }))) return;
  renameSync(join(folder, '.next/standalone'), moved);
  cpSync(join(folder, '.next/static'), join(moved, '.next/static'), { recursive: true });
  // Out of the way, so that a file left out of the output can't be found through a link back into the project.
  renameSync(join(folder, 'node_modules'), join(folder, 'hidden'));
  try {
    await serve(check, { args: ['server.js'], cwd: moved, env: {} }, (url, pid) => useApp(check, url, pid));
  } finally {
    renameSync(join(folder, 'hidden'), join(folder, 'node_modules'));
  }
  await check('the file holds what the routes recorded', () => holdsTraces(folder, database));
}

let installed;

/** One copy of the example for all parts; each part builds it anew. */
function app() {
  return (installed ??= prepare());
}

async function prepare() {
  const folder = join(scratch, 'nextjs');
  const built = /[\\/](node_modules|\.next|data|next-env\.d\.ts|package-lock\.json)$/;
  cpSync(join(root, 'examples/nextjs'), folder, { recursive: true, filter: (path) => !built.test(path) });
  const { main, platform } = await tarballs();
  await install(folder, [main, platform]);
  return folder;
}

function build(check, folder, bundler, database, env = {}) {
  return check(`next build --${bundler}, which opens no file`, async () => {
    rmSync(join(folder, '.next'), { recursive: true, force: true });
    mkdirSync(join(folder, '.next'));
    await run(bin(folder, 'next'), ['build', `--${bundler}`], {
      cwd: folder,
      env: { ...env, TRACESTORE_PATH: database },
    });
    assert.equal(existsSync(database), false);
  });
}

async function useApp(check, url, pid) {
  await callRoutes(check, url);
  if (process.platform !== 'linux') return;
  await check('routes, page and instrumentation share one writer thread', () => {
    const threads = readdirSync(`/proc/${pid}/task`).map((id) =>
      readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8'),
    );
    assert.equal(threads.filter((name) => name.startsWith('tracestore-writ')).length, 1);
  });
}

async function holdsTraces(folder, database) {
  const script = `
    const { SqliteTraceStore } = require('tracestore');
    const store = new SqliteTraceStore({ path: process.argv[1], readonly: true });
    store.listTraces({}).then((page) => console.log(page.total));`;
  assert.equal((await run(process.execPath, ['-e', script, database], { cwd: folder })).trim(), '2');
}
