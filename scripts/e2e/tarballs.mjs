// Packs what a release publishes for this machine: the main package, without an addon, and the package of its platform.
// As a command (`node scripts/e2e/tarballs.mjs <folder>`) it leaves both in a folder, for trying a checkout in a project.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { makePlatformPackages } from '../platform-packages.mjs';
import { run } from './run.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export const platform = [process.platform, process.arch, abi()].filter(Boolean).join('-');

/** Resolves with the two tarballs' paths. The addon and dist/ must have been built. */
export async function makeTarballs(folder) {
  const addon = `tracestore.${platform}.node`;
  for (const built of [`native/${addon}`, 'dist/index.js']) {
    if (!existsSync(join(root, built))) throw new Error(`${built} is missing: run \`npm run build\` first`);
  }
  mkdirSync(folder, { recursive: true });
  const stage = mkdtempSync(join(tmpdir(), 'tracestore-pack-'));
  try {
    const source = await npmPack(root, stage);
    await run('tar', ['-xzf', source, '-C', stage]);
    const main = join(stage, 'package');
    makePlatformPackages(main);
    const own = join(main, 'npm', platform);
    copyFileSync(join(root, 'native', addon), join(own, addon));
    declarePlatform(join(main, 'package.json'), readJson(join(own, 'package.json')));
    return { main: await npmPack(main, folder), platform: await npmPack(own, folder) };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** `napi pre-publish` declares all platforms; here only this one, because the others are in no registry yet. */
function declarePlatform(path, { name, version }) {
  const manifest = readJson(path);
  writeFileSync(path, JSON.stringify({ ...manifest, optionalDependencies: { [name]: version } }, null, 2));
}

async function npmPack(cwd, destination) {
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', destination], { cwd });
  const { name, version } = readJson(join(cwd, 'package.json'));
  return join(destination, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function abi() {
  if (process.platform === 'win32') return 'msvc';
  if (process.platform !== 'linux') return '';
  return process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = await makeTarballs(resolve(process.argv[2] ?? '.'));
  console.log(`npm install ${made.main} ${made.platform}`);
}
