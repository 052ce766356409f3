// Starts a server on a free loopback port, waits for its first answer, lets `use` call it, and stops it with SIGTERM.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { start } from './run.mjs';

export async function serve(check, { args, cwd, env }, use) {
  const port = await freePort();
  const address = { PORT: String(port), HOSTNAME: '127.0.0.1' };
  const flags = args.includes('start') ? ['--hostname', address.HOSTNAME, '--port', address.PORT] : [];
  const server = start(process.execPath, [...args, ...flags], { cwd, env: { ...address, ...env } });
  const url = `http://${address.HOSTNAME}:${port}`;
  try {
    if (!(await check('the server answers', () => answers(url, server)))) return;
    await use(url, server.pid);
    await check('the server logged no error and stops on SIGTERM', () => stops(server));
  } finally {
    server.kill();
  }
}

async function answers(url, server) {
  let ended;
  void server.ended.then((ending) => (ended = ending));
  for (let tries = 0; tries < 150; tries++) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    if (response) throw new Error(`status ${response.status}\n${server.output()}`);
    if (ended !== undefined) throw new Error(`ended with ${ended}\n${server.output()}`);
    await sleep(200);
  }
  throw new Error(`no answer in 30 s\n${server.output()}`);
}

async function stops(server) {
  server.terminate();
  const deadline = new AbortController();
  const ending = await Promise.race([
    server.ended,
    sleep(10_000, 'still running', { signal: deadline.signal }),
  ]);
  deadline.abort();
  assert.ok([0, 143, 'SIGTERM'].includes(ending), `${ending}\n${server.output()}`);
  assert.doesNotMatch(server.output(), /error|warning|not recorded/i);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
