// Compares what storing a span costs in this checkout with another one of the project, such as the commit before a change.
// usage: npm run bench -- before --checkout folder [--copies 5] [--rounds 7] [--only ours-batch,ours-tick] [--data folder-with-convert.mjs] [--dir scratch-parent]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CONTENDERS } from '../ingest/contenders.mjs';
import { prepareSets } from '../ingest/data.mjs';
import { mainThreadSource } from '../shared/cpu.mjs';
import { chosen } from '../shared/only.mjs';
import { progress, tellEstimate } from '../shared/progress.mjs';
import { about, publish } from '../shared/publish.mjs';
import { count, fixed, mediansOf, ratio, table } from '../shared/table.mjs';

const HERE = fileURLToPath(new URL('../..', import.meta.url));
const OURS = ['ours-batch', 'ours-tick'];
const CHILD_SECONDS = [2, 0.8]; // to start, and per copy

const FIGURES = [
  ['main thread us/span', 'mainUs', (value) => fixed(value)],
  ['CPU us/span', 'cpuUs', (value) => fixed(value)],
  ['wall ms', 'wallMs', (value) => fixed(value, 0)],
  ['await us, median', 'latencyMedianUs', (value) => fixed(value, 0)],
  ['file MB', 'fileBytes', (value) => fixed(value / 1e6, 2)],
];

const options = readOptions();
const scratch = mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  build(options.checkout);
  const [start, perCopy] = CHILD_SECONDS;
  tellEstimate((start + perCopy * options.copies) * 2 * options.only.length * options.rounds);
  const [set] = prepareSets({ data: options.data, copies: [options.copies], scratch });
  const results = Object.fromEntries(options.only.map((name) => [name, measure(name, set)]));
  publish({
    name: 'before',
    facts: about({ 'tracestore before': commitOf(options.checkout) }),
    lines: reportLines(set, results),
    figures: { set, results },
    asked: false,
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function build(checkout) {
  const { status } = spawnSync(process.execPath, ['scripts/setup.mjs'], { cwd: checkout, stdio: 'inherit' });
  if (status !== 0) throw new Error(`scripts/setup.mjs in ${checkout} failed; its output is above`);
}

/** In turns, and every other round the other one first, so that a slow minute of the machine touches both alike. */
function measure(name, set) {
  const rounds = { before: [], after: [] };
  const sides = [
    ['before', options.checkout],
    ['after', HERE],
  ];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const [side, checkout] of round % 2 === 1 ? sides : sides.toReversed()) {
      progress(`round ${round}/${options.rounds}, ${CONTENDERS[name].label}, ${side}`);
      rounds[side].push(runChild(checkout, name, set.file));
    }
  }
  progress('');
  return { before: mediansOf(rounds.before), after: mediansOf(rounds.after), rounds };
}

/** Each checkout measures itself by its own `ingest`. */
function runChild(checkout, name, spansFile) {
  const child = join(checkout, 'bench/ingest/child.mjs');
  const args = ['--expose-gc', '--max-old-space-size=4096', child, name, spansFile, scratch];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} of ${checkout} failed (${status}):\n${stderr}`);
  return JSON.parse(stdout);
}

function reportLines({ name, spans, jsonBytes }, results) {
  const rows = Object.entries(results).flatMap(([contender, { before, after }]) =>
    FIGURES.map(([what, key, shown]) => {
      const values = [shown(before[key]), shown(after[key]), ratio(after[key], before[key])];
      return [`${CONTENDERS[contender].label}: ${what}`].concat(values);
    }),
  );
  return [
    `${name}: ${count(spans)} spans, ${fixed(jsonBytes / 1e6)} MB of JSON; medians of ${options.rounds} rounds each, in turns. Main thread: ${mainThreadSource()}; CPU: all threads, closing included.`,
    '',
    ...table([['', 'before', 'after', 'after / before'], ...rows]),
  ];
}

function commitOf(checkout) {
  const { stdout } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  return stdout.trim();
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      checkout: { type: 'string' },
      copies: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      data: { type: 'string' },
      dir: { type: 'string' },
    },
  });
  if (!values.checkout) throw new Error('--checkout names the folder of the checkout to compare with');
  return {
    checkout: resolve(values.checkout),
    copies: Number(values.copies ?? 5),
    rounds: Number(values.rounds ?? 7),
    only: chosen(values.only ?? OURS.join(), OURS),
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
  };
}
