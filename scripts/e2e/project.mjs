// Throw-away projects with the packed tarballs installed, in one scratch folder that e2e.mjs removes.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './run.mjs';
import { makeTarballs } from './tarballs.mjs';

export const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'tracestore-e2e-'));

let packed;

/** Packs once per run. */
export function tarballs() {
  return (packed ??= makeTarballs(join(scratch, 'tarballs')));
}

/** A new folder with the files of fixtures/shared and fixtures/`from`, and the tarballs installed beside `packages`. */
export async function project(name, { from, packages = [] }) {
  const { main, platform } = await tarballs();
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true }));
  for (const part of ['shared', from]) cpSync(join(fixtures, part), folder, { recursive: true });
  await install(folder, [main, platform, ...packages]);
  return folder;
}

/** The project's own dependencies are installed too. */
export async function install(folder, packages) {
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...flags, ...packages], { cwd: folder });
}

/** Runs a bin of the project's own, without a shell or npx between. */
export function bin(folder, name) {
  return join(folder, 'node_modules', '.bin', name);
}

const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url));
