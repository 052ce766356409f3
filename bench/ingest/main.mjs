// Compares what it costs to store agent spans: tracestore, better-sqlite3, @libsql/client, and JSON.stringify as the floor.
// usage: npm run bench -- ingest [--data folder-with-convert.mjs] [--copies 1,5] [--rounds 5] [--only name,name] [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mainThreadSource } from '../shared/cpu.mjs';
import { chosen } from '../shared/only.mjs';
import { progress, tellEstimate } from '../shared/progress.mjs';
import { about, publish } from '../shared/publish.mjs';
import { mediansOf } from '../shared/table.mjs';
import { CONTENDERS } from './contenders.mjs';
import { prepareSets } from './data.mjs';
import { reportLines, shortLines } from './report.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));

const CHILD_SECONDS = [2, 0.8]; // to start, and per copy

const options = readOptions();
const scratch = mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  const [start, perCopy] = CHILD_SECONDS;
  const once = options.copies.reduce((sum, n) => sum + start + perCopy * n, 0);
  tellEstimate(once * options.only.length * options.rounds);
  const sets = prepareSets({ data: options.data, copies: options.copies, scratch });
  for (const set of sets) set.results = measure(set);
  publish({
    name: 'ingest',
    facts: about(),
    lines: reportLines({ rounds: options.rounds, mainThread: mainThreadSource() }, sets),
    short: shortLines(sets),
    figures: { sets },
    asked: options.publish,
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Rounds A B C A B C, so that a slow minute of the machine touches all alike; answers `{ name: { median, rounds } }`. */
function measure(set) {
  const rounds = Object.fromEntries(options.only.map((name) => [name, []]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const name of options.only) {
      progress(`${set.name}: round ${round}/${options.rounds}, ${CONTENDERS[name].label}`);
      rounds[name].push(runChild(name, set.file));
    }
  }
  progress('');
  return Object.fromEntries(
    Object.entries(rounds).map(([name, list]) => [name, { median: mediansOf(list), rounds: list }]),
  );
}

function runChild(name, spansFile) {
  const args = ['--expose-gc', '--max-old-space-size=4096', CHILD, name, spansFile, scratch];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed (${status}):\n${stderr}`);
  return JSON.parse(stdout);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      copies: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      dir: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  return {
    data: values.data && resolve(values.data),
    copies: (values.copies ?? '1,5').split(',').map(Number),
    rounds: Number(values.rounds ?? 5),
    only: chosen(values.only, Object.keys(CONTENDERS)),
    dir: resolve(values.dir ?? tmpdir()),
    publish: values.publish === true,
  };
}
