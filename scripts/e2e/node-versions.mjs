// The smoke test under this Node and the other supported majors, which come from the npm package `node`; and, where Node
// has an SQLite of its own, that it is noticed on a live file.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { otherNode } from '../other-node.mjs';
import { project, scratch } from './project.mjs';
import { run } from './run.mjs';

const versions = ['20.20.2', '22.23.3', '24.21.0'];
const FIRST_WITH_SQLITE = 22;

export default async function nodeVersions(check) {
  const folder = await project('node', { from: 'node' });
  for (const version of versions) {
    const major = version.split('.')[0];
    const runScript = async (script) =>
      run(
        await otherNode(version, scratch),
        ['--no-warnings', script, join(folder, `${script} ${major}.db`)],
        { cwd: folder },
      );
    await check(`smoke test on Node ${major}`, async () => {
      assert.match(await runScript('smoke.cjs'), new RegExp(`smoke test passed on Node v${major}\\.`));
    });
    if (Number(major) < FIRST_WITH_SQLITE) continue;
    await check(`node:sqlite on a live file on Node ${major}`, async () => {
      assert.match(await runScript('second-sqlite.cjs'), new RegExp(`was noticed on Node v${major}\\.`));
    });
  }
}
