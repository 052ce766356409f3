// Makes npm/, the folders of the platforms' packages, with the notices that an addon must not be published without.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NOTICES } from './notices.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** `folder`: a checkout, or the package as it is published. */
export function makePlatformPackages(folder) {
  const napi = join(ROOT, 'node_modules/@napi-rs/cli/dist/cli.js');
  const { status, stderr } = spawnSync(process.execPath, [napi, 'create-npm-dirs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`napi create-npm-dirs failed\n${stderr}`);
  for (const platform of readdirSync(join(folder, 'npm'))) {
    const own = join(folder, 'npm', platform);
    for (const file of ['LICENSE', NOTICES]) copyFileSync(join(folder, file), join(own, file));
    const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
    const files = [...manifest.files, NOTICES];
    writeFileSync(join(own, 'package.json'), `${JSON.stringify({ ...manifest, files }, null, 2)}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) makePlatformPackages(ROOT);
