// The tarballs: what is in them, what package linters say, and that `require`, `import` and the quick start work.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { bin, project, scratch, tarballs } from './project.mjs';
import { run } from './run.mjs';
import { platform, root } from './tarballs.mjs';

const expected = [
  'package.json',
  'README.md',
  'LICENSE',
  'index.d.ts',
  'types/trace.d.ts',
  'THIRD-PARTY.txt',
  'types/vitest.d.ts',
  'dist/index.js',
  'dist/vitest.js',
];
const allowed =
  /^(package\.json|README\.md|LICENSE|THIRD-PARTY\.txt|CHANGELOG\.md|index\.d\.ts|types\/.+\.d\.ts|dist\/.+\.js(on)?)$/;

export default async function pack(check) {
  const { main, platform: addon } = await tarballs();
  await check('the main tarball has all it needs, and nothing else', async () => {
    const files = await contents(main);
    const missing = expected.filter((file) => !files.includes(file));
    const foreign = files.filter((file) => !allowed.test(file));
    assert.deepEqual({ missing, foreign }, { missing: [], foreign: [] });
  });
  await check('the platform tarball has the addon and its licences', async () => {
    assert.deepEqual((await contents(addon)).toSorted(), [
      'LICENSE',
      'README.md',
      'THIRD-PARTY.txt',
      'package.json',
      `tracestore.${platform}.node`,
    ]);
  });
  await check('publint', () =>
    run('npx', ['-y', 'publint@0.3.25', 'run', '--strict', main], { cwd: scratch }),
  );
  await check('@arethetypeswrong/cli', () =>
    // TypeScript's node10 resolution, from before `exports`, knows no subpaths.
    run('npx', ['-y', '@arethetypeswrong/cli@0.18.5', '--profile', 'node16', main], { cwd: scratch }),
  );

  const folder = await project('pack', {
    from: 'node',
    packages: ['typescript@5.9.3', '@types/node@20.19.43'],
  });
  await check('require and import give the same class', () =>
    run(process.execPath, ['same-class.mjs'], { cwd: folder }),
  );
  await check('examples/quickstart compiles and runs', async () => {
    const example = join(folder, 'quickstart');
    cpSync(join(root, 'examples/quickstart'), example, {
      recursive: true,
      filter: (path) => !/node_modules|\.db/.test(path),
    });
    await run(bin(folder, 'tsc'), ['-p', example], { cwd: example });
    const output = await run(process.execPath, ['quickstart.js'], { cwd: example });
    assert.match(output, /completed/);
  });
}

async function contents(tarball) {
  const list = await run('tar', ['-tzf', tarball]);
  return list
    .trim()
    .split('\n')
    .map((line) => line.replace(/^package\//, ''));
}
