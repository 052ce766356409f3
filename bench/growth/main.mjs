// Shows how ingest rate, file and memory change while a file grows: tracestore, and a store written by hand on better-sqlite3; or Mastra's, too, on a newer Node.
// usage: npm run bench -- growth [--spans 200000 | --full] [--peer-spans 500000] [--newer-node] [--only name,name]
//        [--data folder-with-convert.mjs] [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runtime } from '../peers/install.mjs';
import { reasons } from '../peers/report.mjs';
import { needDisk } from '../shared/disk.mjs';
import { chosen } from '../shared/only.mjs';
import { progress, tellEstimate } from '../shared/progress.mjs';
import { about, publish, RESULTS } from '../shared/publish.mjs';
import { drawPlot } from './plot.mjs';
import { reportLines, shortLines } from './report.mjs';
import { NEWER_STORES, STORES } from './stores.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const PLOT = fileURLToPath(new URL('../plots/growth.svg', import.meta.url));
const STEPS = [10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000];
const PANELS = [
  ['spans per second', 'perSecond', 1],
  ['file, MB', 'fileBytes', 1e6],
  ['resident memory, MB', 'rssBytes', 1e6],
];
const LAST = 200_000;
const LAST_ON_NEWER_NODE = 100_000; // Mastra's DuckDB store takes minutes for it
const PEER_MOST = 500_000; // spans; the hand-written file has 6 GB then

const options = readOptions();
const { node, version, versions, missing } = await runtime(
  options.newer,
  options.only.map((name) => options.stores[name].contender),
);
const names = options.only.filter((name) => !missing[options.stores[name].contender]);
const most = (name) => options.stepsOf(name).at(-1);
needDisk(options.dir, Math.max(...names.map((name) => most(name) * options.stores[name].bytes)));
tellEstimate(names.reduce((sum, name) => sum + most(name) / options.stores[name].perSecond, 0));
const series = Object.fromEntries(
  names.map((name) => [name, { label: options.stores[name].label, steps: measure(name) }]),
);
if (!options.newer) plot();
publish({
  name: options.newer ? 'growth-newer' : 'growth',
  facts: { ...about(versions), node: version },
  lines: [...reportLines({ series, steps: options.steps, common: options.newer }), ...reasons(missing)],
  short: options.newer ? undefined : shortLines({ series }),
  figures: { series, missing },
  asked: options.publish,
});

/** Each store alone on the machine, and its file gone before the next one's: at full size they are large. */
function measure(name) {
  progress(options.stores[name].label);
  const scratch = mkdtempSync(join(options.dir, 'tracestore-bench-'));
  try {
    const args = [
      CHILD,
      options.stores[name].contender,
      options.newer ? 'common' : 'whole',
      scratch,
      options.stepsOf(name).join(','),
      options.data ?? '',
    ];
    const { status, stdout } = spawnSync(node, ['--expose-gc', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`${name} failed (${status})`);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    progress('');
    rmSync(scratch, { recursive: true, force: true });
  }
}

function plot() {
  const drawn = drawPlot(PANELS, series);
  for (const file of [join(RESULTS, 'growth.svg'), ...(options.publish ? [PLOT] : [])]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, drawn);
  }
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      spans: { type: 'string' },
      full: { type: 'boolean' },
      'peer-spans': { type: 'string' },
      'newer-node': { type: 'boolean' },
      only: { type: 'string' },
      data: { type: 'string' },
      dir: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  const newer = values['newer-node'] === true;
  const stores = newer ? NEWER_STORES : STORES;
  const last = values.full ? STEPS.at(-1) : Number(values.spans ?? (newer ? LAST_ON_NEWER_NODE : LAST));
  const steps = STEPS.filter((step) => step < last).concat(last);
  const peerMost = Number(values['peer-spans'] ?? PEER_MOST);
  return {
    newer,
    stores,
    steps,
    stepsOf: (name) => steps.filter((step) => name === 'ours' || step <= peerMost),
    only: chosen(values.only, Object.keys(stores)),
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
    publish: values.publish === true,
  };
}
