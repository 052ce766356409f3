// The smoke test under this Node and the other supported majors, which come from the npm package `node`.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { project, scratch } from './project.mjs';
import { run } from './run.mjs';

const versions = ['20.20.2', '22.23.3', '24.21.0'];

export default async function nodeVersions(check) {
  const folder = await project('node', { from: 'node' });
  for (const version of versions) {
    const major = version.split('.')[0];
    await check(`smoke test on Node ${major}`, async () => {
      const output = await run(await executable(version), ['smoke.cjs', join(folder, `${major}.db`)], {
        cwd: folder,
      });
      assert.match(output, new RegExp(`smoke test passed on Node v${major}\\.`));
    });
  }
}

async function executable(version) {
  if (process.versions.node.split('.')[0] === version.split('.')[0]) return process.execPath;
  const output = await run('npx', ['-y', '--loglevel=error', `node@${version}`, '-p', 'process.execPath'], {
    cwd: scratch,
  });
  return output.trim().split('\n').at(-1);
}
