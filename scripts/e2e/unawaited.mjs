// What jest's and vitest's never-closed test files left behind, read by a process of its own after the run.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { run } from './run.mjs';

export async function holdsUnawaitedWrites(folder, data) {
  const script = `require('./documents.cjs').spanCount(process.argv[1], 'never-closed').then(console.log)`;
  const output = await run(process.execPath, ['-e', script, join(data, 'never-closed.db')], { cwd: folder });
  assert.equal(output.trim(), '500');
}
