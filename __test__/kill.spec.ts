/** SIGKILL at random moments loses nothing of what a resolved promise said, and leaves nothing half written. */
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openStore, tempFolder } from './support.js';
import { checkLedger, integrity, killAtRandom, KILLS, startWriter, type Ledger } from './support/kills.js';

vi.setConfig({ testTimeout: 60_000 + KILLS * 5_000 });

/** Kills per file, so that a long run looks at many files and at none that is large. */
const PER_FILE = 20;
/** A file is looked at this often: what one reopening repairs must not hide what another lost. */
const EVERY = 5;
/** Numbers of one life of a writer; a multiple of its batch. */
const ROOM = 7_000_000;

it(`a writer killed ${KILLS} times`, async () => {
  for (let left = KILLS; left > 0; left -= PER_FILE) {
    const path = join(tempFolder(), 'traces.db');
    const ledger: Ledger = { traceId: 'alone', bytes: 3000, printed: [] };
    for (let round = 0; round < Math.min(left, PER_FILE); round++) {
      const writer = startWriter(path, ledger.traceId, round * ROOM, ledger.bytes);
      ledger.printed.push(...(await killAtRandom(writer)));
      if (round % EVERY === 0) await check(path, [ledger]);
    }
    await check(path, [ledger]);
  }
});

it(`three writers on one file, one of which is killed, ${KILLS} times`, async () => {
  for (let left = KILLS; left > 0; left -= PER_FILE) await checkKillingOneOfThree(Math.min(left, PER_FILE));
});

async function checkKillingOneOfThree(kills: number): Promise<void> {
  const path = join(tempFolder(), 'traces.db');
  const ledgers = ['a', 'b', 'c'].map((traceId) => ({ traceId, bytes: 500, printed: [] as number[] }));
  const start = (ledger: Ledger, round: number) => ({
    ledger,
    writer: startWriter(path, ledger.traceId, round * ROOM, ledger.bytes),
  });
  const running = ledgers.map((ledger) => start(ledger, 0));
  for (let round = 1; round <= kills; round++) {
    const [victim] = running.splice(Math.floor(Math.random() * running.length), 1);
    if (victim === undefined) throw new Error('nobody writes');
    const others = running.map(({ writer }) => writer.lines.length);
    victim.ledger.printed.push(...(await killAtRandom(victim.writer)));
    // The others go on, without an error and without waiting for a dead one's lock.
    await Promise.all(running.map(({ writer }, at) => writer.printed((others[at] ?? 0) + 7)));
    running.push(start(victim.ledger, round));
    // Beside the writers: a reader may come at any time.
    if (round % EVERY === 0) await check(path, ledgers);
  }
  for (const { ledger, writer } of running) ledger.printed.push(...(await killAtRandom(writer)));
  await check(path, ledgers);
}

/** Opens the file as it lies there, with the log that the dead left. */
async function check(path: string, ledgers: Ledger[]): Promise<void> {
  const store = openStore({ path });
  for (const ledger of ledgers) await checkLedger(store, ledger);
  const { traces, total } = await store.listTraces();
  expect(traces).toHaveLength(total);
  await store.close();
  expect(integrity(path) ?? 'ok').toBe('ok');
}
