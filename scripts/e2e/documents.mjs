// What a newcomer reads and runs first: the README's code compiles and runs, the demo shows what it promises, set-up says what is missing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { bin, project, scratch } from './project.mjs';
import { run } from './run.mjs';
import { root } from './tarballs.mjs';

export default async function documents(check) {
  const folder = await project('documents', {
    from: 'types',
    packages: ['typescript@5.9.3', '@types/node@20.19.43'],
  });
  await check(
    "the README's code for writing, reading and copying a store compiles and runs, one after the other",
    () => runReadme(folder),
  );

  await check('the demo shows sessions, traces, a tree and sizes', async () => {
    const file = join(scratch, 'demo.db');
    const output = await run(process.execPath, ['examples/demo/demo.mjs', '--file', file], { cwd: root });
    for (const part of [
      /307\/307 calls committed/,
      /Sessions .*10 of 10/,
      /35 traces/,
      /├─ llm .*\d/,
      /tokens in/,
    ]) {
      assert.match(output, part);
    }
    assert.match(output, /\$0\.\d+/);
    assert.match(output, /JSON taken in .*1\.36 MB\n.*file on disk .* KB {2}1\/\d/);
  });

  await check('set-up without a Rust toolchain says what to install', async () => {
    const clone = join(scratch, 'clone');
    execFileSync('git', ['clone', '--quiet', root, clone]);
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    const home = join(scratch, 'empty-home');
    mkdirSync(home);
    // Without `npm ci`, which would write through the link: the packages are there.
    const env = { PATH: dirname(process.execPath), HOME: home, CARGO_HOME: home };
    const output = await run(process.execPath, ['scripts/setup.mjs'], { cwd: clone, env, expect: 1 });
    assert.match(output, /no working `cargo` was found: install Rust from https:\/\/rustup\.rs/);
  });
}

/** In a folder that has the package. */
async function runReadme(folder) {
  const [start, spans, signal, said, viewer, backup] = codeOf(join(root, 'README.md'));
  assert.match(signal, /SIGTERM/);
  const files = {
    'start.mts': start,
    'spans.mts': spans,
    'said.mts': said,
    'viewer.mts': viewer,
    'backup.mts': backup,
  };
  for (const [file, code] of Object.entries(files)) writeFileSync(join(folder, file), code);
  const compilerOptions = { strict: true, module: 'node16', target: 'es2022', types: ['node'] };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: Object.keys(files) }),
  );
  await run(bin(folder, 'tsc'), ['-p', folder], { cwd: folder });
  assert.match(await run(process.execPath, ['start.mjs'], { cwd: folder }), /^1 completed/);
  assert.match(
    await run(process.execPath, ['spans.mjs'], { cwd: folder }),
    /^Hello! \{ tokens: 1, reason: 'stop' \} \d+/,
  );
  await run(process.execPath, ['said.mjs'], { cwd: folder });
  await run(process.execPath, ['viewer.mjs'], { cwd: folder });
  mkdirSync(join(folder, 'backups'));
  assert.match(await run(process.execPath, ['backup.mjs'], { cwd: folder }), /(\d+) of \1 pages/);
}

/** The TypeScript blocks of a document, but for those that are a file's whole content by name. */
function codeOf(file) {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  return blocks.filter((code) => !/^\/\/ (next\.config|app\/)/.test(code));
}
