// A Phoenix server of its own, on free ports, with its SQLite file in the given folder and nothing that calls home.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PATIENCE_MS = 300_000; // it loads a lot of Python, and makes its tables
const TICK_US = 10_000; // of /proc/<pid>/stat; 100 a second on every Linux that runs Node
const BIN = process.platform === 'win32' ? 'Scripts' : 'bin';
export const VENV = fileURLToPath(new URL('.venv', import.meta.url));

/** A program of the virtual environment. */
export function venvProgram(name) {
  return join(VENV, BIN, name);
}

export async function startPhoenix(folder) {
  const [port, grpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(venvProgram('phoenix'), ['serve'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...settings(folder, port, grpcPort) },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors = (errors + text).slice(-4_000)));
  const stopWithUs = () => child.kill('SIGKILL');
  process.once('exit', stopWithUs);
  const ended = once(child, 'exit').then(() => process.off('exit', stopWithUs));
  await untilReady(url, child, () => errors);
  return {
    url,
    cpuUs: () => cpuUs(child.pid),
    rssBytes: () => mostRssBytes(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function settings(folder, port, grpcPort) {
  return {
    PHOENIX_HOST: '127.0.0.1',
    PHOENIX_PORT: String(port),
    PHOENIX_GRPC_PORT: String(grpcPort),
    PHOENIX_WORKING_DIR: folder,
    PHOENIX_TELEMETRY_ENABLED: 'false',
    PHOENIX_ALLOW_EXTERNAL_RESOURCES: 'false',
    PHOENIX_DISABLE_AGENT_ASSISTANT: 'true',
  };
}

async function untilReady(url, child, errors) {
  for (const start = performance.now(); performance.now() - start < PATIENCE_MS; await setTimeout(200)) {
    if (child.exitCode !== null) break;
    if (
      await fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
  throw new Error(`phoenix serve did not come up:\n${errors()}`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** User and system time of the server and of what it has waited for; NaN where there is no /proc. */
function cpuUs(pid) {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * TICK_US, 0);
}

function mostRssBytes(pid) {
  if (process.platform !== 'linux') return NaN;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1_024;
}
