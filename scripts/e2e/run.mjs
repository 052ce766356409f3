// Child processes of the end-to-end tests, run to the end or in the background; none outlives the run.
import { spawn } from 'node:child_process';

const children = new Set();

/** Runs to the end; throws with the whole output when the exit code is not `expect`. Resolves with all output. */
export async function run(command, args, { expect = 0, timeoutMs = 240_000, ...options } = {}) {
  const child = start(command, args, options);
  const deadline = setTimeout(() => child.kill(), timeoutMs);
  const ending = await child.ended;
  clearTimeout(deadline);
  if (ending !== expect) {
    throw new Error(`${command} ${args.join(' ')}: ended with ${ending}, not ${expect}\n${child.output()}`);
  }
  return child.output();
}

/** Starts in a process group of its own, so that its workers end with it. `ended` resolves with exit code or signal. */
export function start(command, args, { cwd, env } = {}) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const child = spawn(command, args, { cwd, env: { ...cleanEnvironment(), ...env }, detached: true, stdio });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  children.add(child);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      killGroup(child, 'SIGKILL');
      children.delete(child);
      resolve(code ?? signal);
    });
  });
  return {
    pid: child.pid,
    ended,
    output: () => output,
    kill: () => killGroup(child, 'SIGKILL'),
    terminate: () => child.kill('SIGTERM'),
  };
}

export function killChildren() {
  for (const child of children) killGroup(child, 'SIGKILL');
}

function killGroup(child, signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** What the surrounding `npm run` or a developer's shell sets must not reach the projects under test. */
function cleanEnvironment() {
  const registry = /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy)$/;
  const foreign = /^(npm_|TRACESTORE_|NAPI_RS_|ENABLE_TRACING$|NODE_OPTIONS$|NODE_ENV$|VITEST|JEST_)/;
  const kept = Object.entries(process.env).filter(([name]) => registry.test(name) || !foreign.test(name));
  return { ...Object.fromEntries(kept), NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', CI: '1' };
}
