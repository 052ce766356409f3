// Runs a benchmark by name, after making sure that what it compares with is installed. usage: npm run bench -- ingest [options]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BENCHES = ['ingest', 'before', 'stream', 'peers', 'growth', 'reads', 'loop', 'encode'];
/** Compare with nothing, or install what they compare with themselves. */
const WITHOUT_DRIVERS = ['before', 'peers', 'stream'];

const [name, ...options] = process.argv.slice(2);
if (BENCHES.includes(name)) {
  if (!WITHOUT_DRIVERS.includes(name)) installIfNeeded();
  const { status } = spawnSync(process.execPath, [join(HERE, name, 'main.mjs'), ...options], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} else {
  console.error(`usage: npm run bench -- <name> [options]; names: ${BENCHES.join(', ')}`);
  process.exitCode = 2;
}

function installIfNeeded() {
  if (peersLoad()) return;
  console.log(
    'bench: installing better-sqlite3 and @libsql/client (built from source where no binary can be had)',
  );
  const { status } = spawnSync('npm', ['ci'], {
    cwd: HERE,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...nodeHeaders() },
  });
  if (status === 0 && peersLoad()) return;
  console.error(
    'bench: npm ci in bench/ did not give a working better-sqlite3 and @libsql/client; its output is above',
  );
  process.exit(1);
}

/** Loads both, in a process of their own: a binary made for another Node version counts as not installed. */
function peersLoad() {
  const probe = "new (require('better-sqlite3'))(':memory:'); require('@libsql/client')";
  return spawnSync(process.execPath, ['-e', probe], { cwd: HERE }).status === 0;
}

/** Node's own headers, when they are beside it: node-gyp would download them. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {};
}
