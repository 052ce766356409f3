// vitest, in processes and in threads: test files that open stores, some never closed, without a complaint.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { bin, project } from './project.mjs';
import { run } from './run.mjs';
import { holdsUnawaitedWrites } from './unawaited.mjs';

const complaints =
  /close timed out|hanging|did not (exit|terminate)|failed to terminate|Unhandled|TraceStoreWarning: (?!endTrace: trace "unknown")/i;

export default async function vitest(check) {
  const folder = await project('vitest', { from: 'vitest', packages: ['vitest@4.1.12'] });
  for (const pool of ['forks', 'threads']) {
    const data = join(folder, pool);
    mkdirSync(data);
    await check(`vitest --pool=${pool}: passes and ends by itself`, async () => {
      const flags = ['run', `--pool=${pool}`, '--reporter=default'];
      const output = await run(bin(folder, 'vitest'), flags, {
        cwd: folder,
        env: { E2E_FOLDER: data },
        timeoutMs: 60_000,
      });
      assert.doesNotMatch(output, complaints);
      assert.match(output, /Tests +7 passed \(7\)/);
    });
    await check(`vitest --pool=${pool}: un-awaited writes of the last test are there`, () =>
      holdsUnawaitedWrites(folder, data),
    );
  }
}
