// Shows how ingest rate, file and memory change while a file grows: tracestore, and a store written by hand on better-sqlite3.
// usage: npm run bench -- growth [--spans 200000 | --full] [--peer-spans 500000] [--only ours,peer] [--data folder-with-convert.mjs]
//        [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { needDisk } from '../shared/disk.mjs';
import { chosen } from '../shared/only.mjs';
import { tellEstimate } from '../shared/progress.mjs';
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
const PEER_MOST = 500_000; // spans; its file has 6 GB then
const BYTES_PER_SPAN = { ours: 1_500, peer: 13_000 }; // the log included
const SECONDS_PER_SPAN = { ours: 1 / 3_000, peer: 1 / 4_500 }; // making the data included

const options = readOptions();
const most = (name) => options.stepsOf(name).at(-1);
needDisk(options.dir, Math.max(...options.only.map((name) => most(name) * BYTES_PER_SPAN[name])));
tellEstimate(options.only.reduce((sum, name) => sum + most(name) * SECONDS_PER_SPAN[name], 0));
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
  short: shortLines(),
  figures: { series },
  asked: options.publish,
});

/** Each store alone on the machine, and its file gone before the next one's: at full size they are large. */
function measure(name) {
  const scratch = mkdtempSync(join(options.dir, 'tracestore-bench-'));
  try {
    const args = [
      CHILD,
      name,
      join(scratch, 'growth.db'),
      options.stepsOf(name).join(','),
      options.data ?? '',
    ];
    const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', ...args], {
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
  const rows = options.steps.map((spans, i) => {
    const steps = options.only.map((name) => series[name].steps[i]);
    const [ours, peer] = steps;
    const ratios = [ratio(ours?.perSecond, peer?.perSecond), ratio(peer?.fileBytes, ours?.fileBytes)];
    return [count(spans)].concat(steps.flatMap(cells), steps.length === 2 ? ratios : []);
  });
  const both = options.only.length === 2 ? ['x rate', 'x smaller'] : [];
  return [
    'Whole conversations (traces, spans, sessions, scores), 100 calls at once and then awaited, or transactions of 100. Rate and CPU (all threads) are those of the step alone, without making the data; memory is what is resident after a garbage collection, the set of conversations included.',
    '',
    ...table([['spans', ...titles, ...both], ...rows]),
    '',
    ...goalLines(),
  ];
}

/** From the first step, and the one that the goal starts from, to the last. */
function shortLines() {
  const rows = options.only.flatMap((name) => {
    const { steps } = series[name];
    const shown = steps.filter(({ spans }, i) => spans === GOAL.from || i === 0 || i === steps.length - 1);
    return shown.map((step) => {
      const [rate, , file, memory] = cells(step);
      return [`${LABELS[name]}, ${count(step.spans)} spans`, rate, `${file} MB`, `${memory} MB`];
    });
  });
  return [
    'one file while it grows ([plot](bench/plots/growth.svg)).',
    '',
    ...table([['', 'spans/s', 'file', 'memory'], ...rows]),
  ];
}

/** A store that was stopped at this step, to spare the disk, has no figures. */
function cells(step) {
  if (!step) return ['–', '–', '–', '–'];
  return [
    count(Math.round(step.perSecond)),
    fixed(step.cpuUs, 0),
    fixed(step.fileBytes / 1e6, 0),
    fixed(step.rssBytes / 1e6, 0),
  ];
}

/** The rate as it was asked for; CPU per span says the same of a machine that others use too. */
function goalLines() {
  const last = options.steps.at(-1);
  if (!options.steps.includes(GOAL.from) || last === GOAL.from) return [];
  const rows = options.only.flatMap((name) => {
    const at = (spans) => series[name].steps.find((step) => step.spans === spans);
    if (!at(last)) return [[`${LABELS[name]}: stopped at ${count(most(name))}`, '', '', '']];
    const said = (share) =>
      last === GOAL.to ? verdict(share, GOAL.share, { least: true }) : 'not at full size';
    return [
      ['rate', at(last).perSecond / at(GOAL.from).perSecond],
      ['work done per CPU second', at(GOAL.from).cpuUs / at(last).cpuUs],
    ].map(([what, share]) => [
      `${LABELS[name]}: ${what}`,
      `at least ${GOAL.share}`,
      fixed(share, 2),
      said(share),
    ]);
  });
  return table([[`at ${count(last)} spans / at ${count(GOAL.from)}`, 'goal', 'measured', ''], ...rows]);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      spans: { type: 'string' },
      full: { type: 'boolean' },
      'peer-spans': { type: 'string' },
      only: { type: 'string' },
      data: { type: 'string' },
      dir: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  const last = values.full ? STEPS.at(-1) : Number(values.spans ?? 200_000);
  const steps = STEPS.filter((step) => step < last).concat(last);
  const limits = { ours: last, peer: Number(values['peer-spans'] ?? PEER_MOST) };
  return {
    steps,
    stepsOf: (name) => steps.filter((step) => step <= limits[name]),
    only: chosen(values.only, Object.keys(LABELS)),
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
    publish: values.publish === true,
  };
}
