// What the peers need, and whether it is to be had on this machine: a newer Node, packages from npm, Phoenix from PyPI.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { otherNode } from '../../scripts/other-node.mjs';
import { CONTENDERS } from './contenders.mjs';
import { VENV, venvProgram } from './phoenix-server.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const REQUIREMENTS = join(HERE, 'requirements.txt');
const PYTHONS = ['python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3', 'python'];
const PROBED = ['@mastra/libsql', '@mastra/duckdb', '@mastra/observability'];
const TIME_LIMIT_MS = 900_000;

/** What a part's contenders run under: the Node that runs this, or what `install` gives. */
export async function runtime(newer, names) {
  if (!newer) return { node: process.execPath, version: process.version, missing: {} };
  const found = await install(names);
  if (!found.node) throw new Error(Object.values(found.missing)[0]);
  return found;
}

/** `{ node, version, versions, missing }`: the newer Node for all contenders, the versions of what they are made of, and why some can't be run. */
export async function install(names) {
  const { node, version, missing: unmet } = await meet(names.map((name) => CONTENDERS[name].needs));
  const missing = Object.fromEntries(
    names.map((name) => [name, unmet[CONTENDERS[name].needs]]).filter(([, reason]) => reason),
  );
  return { node, version, versions: versionsOf(names.filter((name) => !missing[name])), missing };
}

/** `{ node, version, missing }`: why a need (`npm`, `python`) is not met. */
async function meet(needs) {
  const newer = await newerNode().catch(({ message }) => ({ reason: message }));
  const { node, version, reason } = newer;
  if (reason) return { version: process.version, missing: { node: reason, npm: reason, python: reason } };
  const missing = {};
  if (needs.includes('npm') || needs.includes('python')) missing.npm = installPackages(node);
  if (needs.includes('python')) missing.python = missing.npm ?? installPhoenix();
  return { node, version, missing };
}

function versionsOf(names) {
  const packages = names.map((name) => CONTENDERS[name].package).filter(Boolean);
  if (packages.some((name) => name.startsWith('@mastra/'))) packages.push('@mastra/core');
  return Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
}

/** The version of a package that was installed. */
export function versionOf(name) {
  if (name === 'arize-phoenix') return readFileSync(REQUIREMENTS, 'utf8').trim().split('==')[1];
  return JSON.parse(readFileSync(join(HERE, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** `{ node, version }`: the executable that peers/package.json names. */
export async function newerNode() {
  const { config } = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8'));
  try {
    const node = await otherNode(config.node, tmpdir());
    return { node, version: spawnSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).stdout.trim() };
  } catch (error) {
    throw new Error(`no Node ${config.node} from npm: ${reasonIn(error.message)}`, { cause: error });
  }
}

function installPackages(node) {
  const probe = `await Promise.all(${JSON.stringify(PROBED)}.map((name) => import(name)))`;
  const loads = () =>
    spawnSync(node, ['--input-type=module', '-e', probe], { cwd: HERE, encoding: 'utf8' }).status === 0;
  if (loads()) return undefined;
  console.log("bench: installing Mastra's stores and exporter, and the OTLP exporter (260 MB)");
  // Their engines ask for a newer Node than the one that runs npm; they are only unpacked by it.
  const { status, stderr } = run('npm', ['ci', '--ignore-scripts', '--loglevel=error']);
  if (status === 0 && loads()) return undefined;
  return `npm ci in bench/peers failed: ${reasonIn(stderr)}`;
}

function installPhoenix() {
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  const done = join(VENV, 'installed.txt');
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return undefined;
  const python = PYTHONS.find(
    (name) => run(name, ['-c', 'import sys, venv; assert sys.version_info >= (3, 10)']).status === 0,
  );
  if (!python) return 'no Python 3.10 or newer with venv';
  console.log('bench: installing Arize Phoenix from PyPI into bench/peers/.venv (860 MB)');
  for (const [program, args] of [
    [python, ['-m', 'venv', VENV]],
    [venvProgram('pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]],
  ]) {
    const { status, stderr } = run(program, args);
    if (status !== 0) return `${program} ${args[0]} failed: ${reasonIn(stderr)}`;
  }
  writeFileSync(done, wanted);
  return undefined;
}

function run(program, args) {
  const shell = process.platform === 'win32';
  const { status, stderr, error } = spawnSync(program, args, {
    cwd: HERE,
    encoding: 'utf8',
    timeout: TIME_LIMIT_MS,
    shell,
  });
  return { status, stderr: stderr || error?.message || '' };
}

/** The line that says most in a table. */
function reasonIn(text) {
  const lines = text.trim().split('\n');
  return (lines.find((line) => /\berr(or)?\b/i.test(line)) ?? lines[0]).trim().slice(0, 200);
}
