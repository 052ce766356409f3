// Makes a fresh clone ready to run (npm packages, Rust addon, TypeScript), and does nothing that is already done.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'target', 'setup.json'); // what was built from which inputs; target/ is ignored by git and survives npm ci
const LOCK = join(tmpdir(), `tracestore-setup-${hash([ROOT]).slice(0, 16)}`);

function main() {
  requireNode(20, 9);
  if (STEPS.every((step) => step.isDone())) return console.log('setup: up to date');
  lock();
  try {
    for (const step of STEPS) if (!step.isDone()) run(step);
  } finally {
    rmSync(LOCK);
  }
}

const STEPS = [
  {
    name: 'npm packages',
    command: ['ci'],
    isDone: packagesInstalled,
  },
  {
    name: 'Rust addon (some minutes the first time)',
    command: ['run', 'build:native'],
    before: requireCargo,
    isDone: nativeBuilt,
    after: () => writeStamp({ native: nativeInputs() }),
  },
  {
    name: 'TypeScript',
    command: ['run', 'build:ts'],
    isDone: () => readStamp().ts === tsInputs() && existsSync(join(ROOT, 'dist/index.js')),
    after: (startedAt) => {
      removeOlder('dist', startedAt);
      writeStamp({ ts: tsInputs() });
    },
  },
];

function run({ name, command, before, after }) {
  before?.();
  process.stdout.write(`setup: ${name} …`);
  const startedAt = Date.now();
  const { status, stdout, stderr, error } = npm(command);
  if (status !== 0) {
    console.log(` failed\n\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
    stop(`npm ${command.join(' ')} failed; its output is above`);
  }
  after?.(startedAt);
  console.log(` ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`);
}

/** What was built from which inputs. */
function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

/** npm keeps its own record of what it put into node_modules; optional packages (other platforms) may be absent. */
function packagesInstalled() {
  const installed = readPackages('node_modules/.package-lock.json');
  const wanted = readPackages('package-lock.json');
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return installed[path] ? installed[path].version === version : optional === true;
  });
}

function readPackages(file) {
  if (!existsSync(join(ROOT, file))) return undefined;
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
}

function nativeBuilt() {
  return readStamp().native === nativeInputs() && hasAddon();
}

function nativeInputs() {
  const { napi } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const target = [process.platform, process.arch, JSON.stringify(napi)];
  return hash([...target, hashFiles(['Cargo.toml', 'Cargo.lock', 'build.rs', ...filesUnder('src')])]);
}

function tsInputs() {
  const configs = readdirSync(ROOT).filter((name) => /^tsconfig.*\.json$/.test(name));
  return hashFiles(['package-lock.json', ...configs, ...filesUnder('lib')]);
}

function hasAddon() {
  const folder = join(ROOT, 'native');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.node'));
}

function filesUnder(folder) {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length));
}

function hashFiles(files) {
  return hash(
    files
      .toSorted()
      .flatMap((file) => [file, existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file)) : '']),
  );
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}

function writeStamp(values) {
  mkdirSync(join(ROOT, 'target'), { recursive: true });
  writeFileSync(STAMP, `${JSON.stringify({ ...readStamp(), ...values }, null, 2)}\n`);
}

/** tsc leaves the output of deleted sources behind. Two seconds: the coarsest clock of a file system. */
function removeOlder(folder, time) {
  for (const file of filesUnder(folder))
    if (statSync(join(ROOT, file)).mtimeMs < time - 2_000) rmSync(join(ROOT, file));
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  stop(
    `tracestore needs Node ${major}.${minor} or newer, this is ${process.version}: install a newer one from https://nodejs.org`,
  );
}

function requireCargo() {
  const fresh = join(homedir(), '.cargo', 'bin'); // where rustup puts it; a terminal opened before that does not know
  if (existsSync(fresh)) process.env.PATH += delimiter + fresh;
  if (spawnSync('cargo', ['--version']).status === 0) return;
  stop(
    "tracestore's core is written in Rust and no working `cargo` was found: install Rust from https://rustup.rs, then run this again",
  );
}

/** npm as it runs this script, else the one on the path. */
function npm(args) {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 };
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return spawnSync(process.execPath, [script, ...args], options);
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Waits while another setup of this folder works; the lock of a process that is gone is taken over. */
function lock() {
  for (let told = false; ; told = true) {
    try {
      return writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!told) console.log('setup: waiting for another setup of this folder');
    pause(500);
    if (!ownerIsAlive()) rmSync(LOCK, { force: true });
  }
}

function ownerIsAlive() {
  try {
    return process.kill(Number(readFileSync(LOCK, 'utf8')), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Ends the setup with one sentence for the user. */
function stop(message) {
  throw Object.assign(new Error(message), { isForUser: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(error.isForUser ? `setup: ${error.message}` : error);
    process.exitCode = 1;
  }
}
