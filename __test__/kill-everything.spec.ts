/** SIGKILL beside every operation: of what one tick said all is there or nothing, and all that was acknowledged. */
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openStore, tempFolder } from './support.js';
import { readEverything, sayEverything } from './children/everything.mjs';
import { startScript } from './support/child.js';
import { integrity, killAtRandom, KILLS } from './support/kills.js';

vi.setConfig({ testTimeout: 60_000 + KILLS * 5_000 });

/** Numbers of one life of a writer. */
const ROOM = 100_000;

const TOLD = (n: number) => ({
  trace: ['completed', n, `user${n}`, ['kept'], { mapped: n }, n],
  whole: [{ n, note: expect.any(String) }, [`tag${n}`], [{ to: { url: `link${n}` }, type: 'correlates_to' }]],
  live: [n, n, `event${n}`],
  running: 'aborted',
  step: `thought ${n}`,
  scores: expect.arrayContaining([[`score${n}`, n]]),
  annotations: [n],
  links: [{ externalId: `link${n}` }, { url: `link${n}` }],
  sessions: [7, n],
  config: `${n}`,
  batch: ['running', 1],
});

const NOTHING = {
  trace: null,
  whole: null,
  live: null,
  running: undefined,
  step: undefined,
  scores: [],
  annotations: [],
  links: [],
  sessions: [undefined, undefined],
  config: undefined,
  batch: null,
};

it(`a writer that says everything, killed ${KILLS} times`, async () => {
  const path = join(tempFolder(), 'traces.db');
  for (let life = 0; life < KILLS; life++) {
    const writer = startScript(
      'killed-saying.mjs',
      { path, from: life * ROOM },
      { nodeFlags: ['--no-warnings'] },
    );
    const printed = await killAtRandom(writer);
    const store = openStore({ path });
    const next = Math.max(...printed) + 1;
    for (const n of printed) expect(await readEverything(store, n), `printed ${n}`).toEqual(TOLD(n));
    const last = await readEverything(store, next);
    expect([NOTHING, TOLD(next)], `what followed ${next - 1}`).toContainEqual(last);
    await store.close();
    expect(integrity(path) ?? 'ok').toBe('ok');
  }
  const store = openStore({ path });
  expect(await store.verify()).toMatchObject({ ok: true });
});

it('is there at once, and runs, as long as its writer lives', async () => {
  const store = openStore();
  await Promise.all(sayEverything(store, 3));
  expect(await readEverything(store, 3)).toEqual({ ...TOLD(3), running: 'running' });
});
