// The smoke test under this Node and the other supported majors, which come from the npm package `node`.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { otherNode } from '../other-node.mjs';
import { project, scratch } from './project.mjs';
import { run } from './run.mjs';

const versions = ['20.20.2', '22.23.3', '24.21.0'];

export default async function nodeVersions(check) {
  const folder = await project('node', { from: 'node' });
  for (const version of versions) {
    const major = version.split('.')[0];
    await check(`smoke test on Node ${major}`, async () => {
      const output = await run(
        await otherNode(version, scratch),
        ['smoke.cjs', join(folder, `${major}.db`)],
        {
          cwd: folder,
        },
      );
      assert.match(output, new RegExp(`smoke test passed on Node v${major}\\.`));
    });
  }
}
