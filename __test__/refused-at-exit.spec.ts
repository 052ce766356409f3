/** The last writes of a process that fail: `onError` and a warning say so, though no turn of the loop comes. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from './support.js';
import { runScript } from './support/child.js';

it.each([
  ['process.exit at once', 'IO'],
  ['a write in an exit listener', 'IO'],
  ['a write that is refused before it is sent', 'INVALID_ARGUMENT'],
  ['a listener for warnings that throws', 'IO'],
])('%s', async (way, code) => {
  const outcome = await runScript('refused-at-exit.mjs', { way, path: join(tempFolder(), 'traces.db') });
  expect(outcome).toMatchObject({ code: 3, signal: null, stdout: `addSpan ${code}\n` });
  const warned = outcome.stderr.match(/\[[A-Z_]+\] TraceStoreWarning: addSpan: /g);
  expect(warned).toEqual([`[${code}] TraceStoreWarning: addSpan: `]);
});

it('says nothing of writes that are committed', async () => {
  const task = {
    way: 'process.exit at once',
    paths: [join(tempFolder(), 'traces.db')],
    traceId: 't1',
    count: 3,
  };
  expect(await runScript('exit.mjs', task)).toMatchObject({ code: 3, stdout: '', stderr: '' });
});
