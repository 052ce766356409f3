// A platform package that npm left out: a clear sentence; and the two ways to name an addon that lies elsewhere.
import assert from 'node:assert/strict';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { project } from './project.mjs';
import { run } from './run.mjs';
import { platform } from './tarballs.mjs';

export default async function missing(check) {
  const folder = await project('missing', { from: 'node' });
  const elsewhere = join(folder, 'moved addon.node');
  const platformPackage = join(folder, 'node_modules', `tracestore-${platform}`);
  cpSync(join(platformPackage, `tracestore.${platform}.node`), elsewhere);
  rmSync(platformPackage, { recursive: true });

  const open = (db, args = [], env = {}) =>
    run(process.execPath, ['addon.cjs', join(folder, db), ...args], { cwd: folder, env });
  await check('UNSUPPORTED, with the platform and the remedy, and no file made', async () => {
    const output = await open('none.db');
    assert.match(output, /^UNSUPPORTED: /m);
    for (const word of [process.platform, process.arch, 'optional', 'nativeBinding'])
      assert.ok(output.includes(word), output);
    assert.equal(existsSync(join(folder, 'none.db')), false);
  });
  await check('option nativeBinding', async () => {
    assert.equal(await open('option.db', [elsewhere]), 'opened\n');
  });
  await check('environment variable TRACESTORE_NATIVE_BINDING', async () => {
    assert.equal(await open('variable.db', [], { TRACESTORE_NATIVE_BINDING: elsewhere }), 'opened\n');
  });
  await check('nativeBinding that names no addon', async () => {
    assert.match(await open('wrong.db', [join(folder, 'nowhere.node')]), /^UNSUPPORTED: .*nowhere\.node/m);
  });
}
