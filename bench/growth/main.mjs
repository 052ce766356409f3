// Shows how ingest rate, file and memory change while a file grows: tracestore, and a store written by hand on better-sqlite3.
// usage: npm run bench -- growth [--spans 200000 | --full] [--only ours,peer] [--data folder-with-convert.mjs] [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { about, publish, RESULTS } from '../shared/publish.mjs';
import { count, fixed, ratio, table, verdict } from '../shared/table.mjs';
import { drawPlot } from './plot.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const PLOT = fileURLToPath(new URL('../plots/growth.svg', import.meta.url));
const STEPS = [10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000];
const LABELS = { ours: 'tracestore', peer: 'better-sqlite3' };
const PANELS = [
  ['spans per second', 'perSecond', 1],
  ['file, MB', 'fileBytes', 1e6],
  ['resident memory, MB', 'rssBytes', 1e6],
];
/** The rate at 2 million must be at least this share of the rate at 100 thousand. */
const GOAL = { from: 100_000, to: 2_000_000, share: 0.8 };

const options = readOptions();
const series = Object.fromEntries(
  options.only.map((name) => [name, { label: LABELS[name], steps: measure(name) }]),
);
const plot = drawPlot(PANELS, series);
for (const file of [join(RESULTS, 'growth.svg'), ...(options.publish ? [PLOT] : [])]) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, plot);
}
publish({
  name: 'growth',
  facts: about(),
  lines: reportLines(),
  figures: { series },
  asked: options.publish,
});

/** Each store alone on the machine, and its file gone before the next one's: at full size they are large. */
function measure(name) {
  const scratch = mkdtempSync(join(options.dir, 'tracestore-bench-'));
  try {
    const args = [CHILD, name, join(scratch, 'growth.db'), options.steps.join(','), options.data ?? ''];
    const { status, stdout } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`${name} failed (${status})`);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function reportLines() {
  const titles = options.only.flatMap((name) => [
    `${LABELS[name]} spans/s`,
    'CPU us/span',
    'file MB',
    'memory MB',
  ]);
  const rows = options.steps.map((_, i) => {
    const steps = options.only.map((name) => series[name].steps[i]);
    const cells = steps.flatMap((step) => [
      count(Math.round(step.perSecond)),
      fixed(step.cpuUs, 0),
      fixed(step.fileBytes / 1e6, 0),
      fixed(step.rssBytes / 1e6, 0),
    ]);
    const ratios =
      steps.length === 2
        ? [ratio(steps[0].perSecond, steps[1].perSecond), ratio(steps[1].fileBytes, steps[0].fileBytes)]
        : [];
    return [count(steps[0].spans), ...cells, ...ratios];
  });
  const both = options.only.length === 2 ? ['x rate', 'x smaller'] : [];
  return [
    'Whole conversations (traces, spans, sessions, scores), 100 calls at once and then awaited, or transactions of 100. Rate and CPU (all threads) are those of the step alone, without making the data; memory is that of the process, which also holds the set of conversations.',
    '',
    ...table([['spans', ...titles, ...both], ...rows]),
    '',
    ...goalLines(),
  ];
}

function goalLines() {
  const last = options.steps.at(-1);
  const rate = (name, spans) => series[name].steps[options.steps.indexOf(spans)]?.perSecond;
  if (!options.steps.includes(GOAL.from) || last === GOAL.from) return [];
  const rows = options.only.map((name) => {
    const share = rate(name, last) / rate(name, GOAL.from);
    const said = last === GOAL.to ? verdict(share, GOAL.share, { least: true }) : 'not at full size';
    return [LABELS[name], `at least ${GOAL.share}`, fixed(share, 2), said];
  });
  return table([
    [`rate at ${count(last)} spans / rate at ${count(GOAL.from)}`, 'goal', 'measured', ''],
    ...rows,
  ]);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      spans: { type: 'string' },
      full: { type: 'boolean' },
      only: { type: 'string' },
      data: { type: 'string' },
      dir: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  const only = values.only?.split(',') ?? Object.keys(LABELS);
  const unknown = only.filter((name) => !LABELS[name]);
  if (unknown.length > 0)
    throw new Error(`unknown store ${unknown.join(', ')}; there are ${Object.keys(LABELS).join(', ')}`);
  const most = values.full ? STEPS.at(-1) : Number(values.spans ?? 200_000);
  const steps = STEPS.filter((step) => step < most).concat(most);
  return {
    steps,
    only,
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
    publish: values.publish === true,
  };
}
