/** Finding the native addon: what a user hears when a bundler, a flag or the installation keeps it away. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { failure, openStore, tempFolder, trace } from './support.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ADDON = join(ROOT, 'native', addonName());
const TARGET = addonName().split('.')[1] as string;

function addonName(): string {
  return readdirSync(join(ROOT, 'native')).find((name) => name.endsWith('.node')) as string;
}

/** A project with the package as it is published, and `platformPackage` as the main file of the platform's package. */
function project(platformPackage?: string): string {
  const folder = tempFolder();
  const modules = join(folder, 'node_modules');
  cpSync(join(ROOT, 'dist'), join(modules, 'tracestore', 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(modules, 'tracestore', 'package.json'));
  symlinkSync(
    join(ROOT, 'node_modules', 'safe-stable-stringify'),
    join(modules, 'safe-stable-stringify'),
    'junction',
  );
  if (platformPackage === undefined) return folder;
  const own = join(modules, `tracestore-${TARGET}`);
  mkdirSync(own);
  writeFileSync(
    join(own, 'package.json'),
    JSON.stringify({ name: `tracestore-${TARGET}`, version: '0.1.0' }),
  );
  writeFileSync(join(own, 'index.js'), platformPackage);
  return folder;
}

const SCRIPT = `
  const { SqliteTraceStore } = require('tracestore');
  new SqliteTraceStore({ path: ':memory:' }).getTrace('t').then(
    (found) => console.log('answered', found),
    (error) => console.log(error.code, error.message),
  );
`;

function use(folder: string, flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', ...flags, '-e', SCRIPT], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return stdout + stderr;
}

const REAL = `module.exports = require(${JSON.stringify(ADDON)});`;

it('the addon of the platform is found', () => {
  expect(use(project(REAL))).toBe('answered null\n');
});

it.each([
  ['the path of a file', `module.exports = '/_next/static/x.node';`, 'string "/_next/static/x.node"'],
  ['a namespace around one', `module.exports = { default: './x.node' };`, 'an object'],
  ['nothing', '', 'an object'],
])('a bundler that gives %s for it is named, with the remedy', (_name, platformPackage, found) => {
  const output = use(project(platformPackage));
  expect(output).toMatch(/^UNSUPPORTED getTrace: a bundler put /);
  expect(output).toContain(`put ${found} in the place of the native addon`);
  expect(output).toContain("mark the package 'tracestore' as external");
});

it('a named file that is no addon says what it gave', async () => {
  const file = join(tempFolder(), 'asset.cjs');
  writeFileSync(file, `module.exports = './asset.node';`);
  const error = await failure(openStore({ nativeBinding: file }).startTrace(trace()));
  expect(error.code).toBe('UNSUPPORTED');
  expect(error.message).toContain(
    `asset.cjs" is no native addon of tracestore, it gave string "./asset.node"`,
  );
});

it('a bundle without it says so, instead of asking to install again', () => {
  const folder = project();
  const dist = join(folder, 'node_modules', 'tracestore', 'dist');
  // As in a bundle, the modules have another file name.
  cpSync(join(dist, 'native'), join(dist, 'chunks'), { recursive: true });
  const core = join(dist, 'core.js');
  writeFileSync(core, readFileSync(core, 'utf8').replace('./native/', './chunks/'));
  const output = use(folder);
  expect(output).toMatch(/^UNSUPPORTED getTrace: the native addon is not in the bundle/);
  expect(output).toContain('external');
});

it('is looked for under the name of every platform that is published', () => {
  const { napi } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    napi: { targets: string[] };
  };
  const published = napi.targets.map((target) => {
    const [arch, , system, library] = target.split('-') as [string, string, string, string?];
    return [system.replace('windows', 'win32'), arch === 'x86_64' ? 'x64' : 'arm64', library]
      .filter(Boolean)
      .join('-');
  });
  const loader = readFileSync(join(ROOT, 'dist', 'native', 'load.js'), 'utf8');
  const named = [...loader.matchAll(/require\(['"]tracestore-(.+?)['"]\)/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(published));
});

it('one that is not installed', () => {
  expect(use(project())).toMatch(
    /^UNSUPPORTED getTrace: the native addon for \S+, Node \S+ is not installed: delete node_modules/,
  );
});

it("one that can't be loaded is not said to be missing", () => {
  const folder = project(`module.exports = require('./broken.node');`);
  writeFileSync(join(folder, 'node_modules', `tracestore-${TARGET}`, 'broken.node'), 'not an addon');
  const output = use(folder);
  expect(output).toMatch(/^UNSUPPORTED getTrace: the native addon can't be loaded on /);
  expect(output).toContain('broken.node');
});

it.each([
  [['--no-addons'], 'Node runs with --no-addons'],
  [[permission(), '--allow-fs-read=*'], 'add --allow-addons'],
])('%j is named', (flags, words) => {
  const output = use(project(REAL), flags);
  expect(output).toMatch(/^UNSUPPORTED getTrace: the native addon must not be loaded: /);
  expect(output).toContain(words);
});

it('with --allow-addons it works under the permission model', () => {
  const flags = [permission(), '--allow-fs-read=*', '--allow-addons'];
  expect(use(project(REAL), flags)).toBe('answered null\n');
});

it('variables of the tool that builds it mean nothing', () => {
  const env = { NAPI_RS_NATIVE_LIBRARY_PATH: join(dirname(ADDON), 'other.node'), NAPI_RS_FORCE_WASI: '1' };
  expect(use(project(REAL), [], env)).toBe('answered null\n');
});

function permission(): string {
  return Number(process.versions.node.split('.')[0]) < 24 ? '--experimental-permission' : '--permission';
}
