// What README says of bundlers and other runtimes: left external it works, and what keeps the addon away is named.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { bin, project } from './project.mjs';
import { run } from './run.mjs';

const PACKAGES = ['esbuild@0.28.2', 'webpack@5.113.0', 'webpack-cli@7.3.1', 'bun@1.4.5', 'deno@2.9.6'];

export default async function bundlers(check) {
  const folder = await project('bundlers', { from: 'bundlers', packages: PACKAGES });
  const out = (name) => join(folder, 'out', name);
  const tool = (name, ...args) => run(bin(folder, name), args, { cwd: folder });
  const node = (...args) => run(process.execPath, args, { cwd: folder });
  const esbuild = (name, ...flags) =>
    tool('esbuild', 'app.cjs', '--bundle', '--platform=node', `--outfile=${out(name)}`, ...flags);
  const deno = (...flags) => tool('deno', 'run', '--no-prompt', '--allow-read', ...flags, 'app.cjs');

  await check('esbuild, external', async () => {
    await esbuild('external.js', '--external:tracestore');
    assert.match(await node(out('external.js')), /^recorded/m);
  });
  await check('esbuild, the addon copied beside the bundle', async () => {
    await esbuild('copied.js', '--loader:.node=copy');
    assert.match(await node(out('copied.js')), /^recorded/m);
  });
  for (const loader of ['file', 'empty'])
    await check(`esbuild, the addon bundled as ${loader}: UNSUPPORTED`, async () => {
      await esbuild(`${loader}.js`, `--loader:.node=${loader}`);
      assert.match(await node(out(`${loader}.js`)), /^UNSUPPORTED .*a bundler put .*external/m);
    });
  await check('webpack, external, and as an asset: UNSUPPORTED', async () => {
    await tool('webpack', '--config', 'webpack.config.cjs');
    assert.match(await node(out('webpack-external.cjs')), /^recorded/m);
    assert.match(await node(out('webpack-asset.cjs')), /^UNSUPPORTED .*a bundler put .*external/m);
  });

  await check('bun, as it is and bundled', async () => {
    assert.match(await tool('bun', 'app.cjs'), /^recorded/m);
    await tool('bun', 'build', 'app.cjs', '--target=bun', '--outdir', out('bun'));
    assert.match(await tool('bun', out('bun/app.js')), /^recorded/m);
  });
  await check('deno, with the flags that it needs; the one that is missing is named', async () => {
    assert.match(await deno('--allow-ffi'), /^recorded/m);
    assert.match(await deno(), /^UNSUPPORTED .*--allow-ffi/m);
  });
}
