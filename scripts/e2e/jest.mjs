// jest with its default CommonJS configuration: test files that open stores, some never closed, without a complaint.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { bin, project } from './project.mjs';
import { run } from './run.mjs';
import { holdsUnawaitedWrites } from './unawaited.mjs';

const complaints =
  /open handle|did not exit|failed to exit|force exited|A worker process|TraceStoreWarning: (?!endTrace: trace "unknown")/i;

export default async function jest(check) {
  const folder = await project('jest', { from: 'jest', packages: ['jest@30.5.2'] });
  const ways = {
    'in one process, --detectOpenHandles': ['--detectOpenHandles'],
    'in two worker processes': ['--maxWorkers=2'],
  };
  for (const [way, flags] of Object.entries(ways)) {
    const data = join(folder, flags[0]);
    mkdirSync(data);
    await check(`jest ${way}: passes and ends by itself`, async () => {
      const output = await run(bin(folder, 'jest'), flags, {
        cwd: folder,
        env: { E2E_FOLDER: data },
        timeoutMs: 60_000,
      });
      assert.doesNotMatch(output, complaints);
      assert.match(output, /Tests: +7 passed, 7 total/);
    });
    await check(`jest ${way}: un-awaited writes of the last test are there`, () =>
      holdsUnawaitedWrites(folder, data),
    );
  }
}
