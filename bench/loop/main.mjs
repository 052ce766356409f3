// Compares how late the event loop of a busy agent server is: nothing, tracestore, and a store written by hand on better-sqlite3.
// usage: npm run bench -- loop [--traces 5000] [--seconds 20] [--rounds 3] [--newer-node] [--data folder-with-convert.mjs] [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newerNode } from '../peers/install.mjs';
import { tellEstimate } from '../shared/progress.mjs';
import { about, publish } from '../shared/publish.mjs';
import { STORES } from '../shared/stores.mjs';
import { count, fixed, median, ratio, table } from '../shared/table.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const LOAD = fileURLToPath(new URL('../shared/load.mjs', import.meta.url));
const LABELS = {
  none: 'no store',
  ours: 'tracestore',
  'better-sqlite3': 'better-sqlite3',
  'node-sqlite': 'node:sqlite',
};
const LOADS = { alone: '500 spans/s', lists: '500 spans/s, listTraces of 1,000 again and again' };
const RUNS = 5; // of a round
const AROUND_SECONDS = 5; // a run's start and warm-up
const FILLING_MS = 8; // a trace, in both files

const options = readOptions();
const { node: executable, version } = options.newer
  ? await newerNode()
  : { node: process.execPath, version: process.version };
const names = ['none', 'ours', options.newer ? 'node-sqlite' : 'better-sqlite3'];
const folder = mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  tellEstimate(
    RUNS * options.rounds * (options.seconds + AROUND_SECONDS) + (options.traces * FILLING_MS) / 1_000,
  );
  const data = options.data ?? '';
  const facts = ['ours', 'better-sqlite3'].map((name) => {
    const store = name === 'ours' ? 'ours' : 'peer';
    return run(process.execPath, [
      LOAD,
      store,
      join(folder, STORES[name].file),
      String(options.traces),
      data,
    ]);
  })[0];
  const results = measure(data);
  publish({
    name: options.newer ? 'loop-newer' : 'loop',
    facts: { ...about(options.newer ? {} : undefined), node: version },
    lines: reportLines(facts, results),
    short: options.newer ? undefined : shortLines(results),
    figures: { facts, results },
    asked: options.publish,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Rounds A B C A B C; `[load, name, medians]`, the server without a store only under the first load. */
function measure(data) {
  const runs = Object.keys(LOADS).flatMap((load) =>
    names.filter((name) => name !== 'none' || load === 'alone').map((name) => ({ load, name, rounds: [] })),
  );
  for (let round = 0; round < options.rounds; round += 1)
    for (const { load, name, rounds } of runs)
      rounds.push(run(executable, [CHILD, name, load, folder, String(options.seconds), data]));
  return runs.map(({ load, name, rounds }) => {
    const keys = Object.keys(rounds[0]);
    return {
      load,
      name,
      figures: Object.fromEntries(keys.map((key) => [key, median(rounds.map((one) => one[key]))])),
    };
  });
}

function run(node, args) {
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.slice(0, 3).join(' ')} failed (${status}):\n${stderr}`);
  return JSON.parse(stdout);
}

function reportLines({ traces, spans }, results) {
  const rows = results.map(({ load, name, figures }) => {
    const ours = results.find((one) => one.load === load && one.name === 'ours').figures;
    return [
      `${LOADS[load]}: ${LABELS[name]}`,
      fixed(figures.p50Ms, 2),
      fixed(figures.p99Ms, 2),
      fixed(figures.maxMs),
      ratio(figures.p99Ms, ours.p99Ms),
      `${fixed(figures.mainShare * 100)} %`,
      fixed(figures.written / (figures.ms / 1_000), 0),
      load === 'lists' ? fixed(figures.lists / (figures.ms / 1_000)) : '–',
    ];
  });
  return [
    `A file of ${count(traces)} traces and ${count(spans)} spans; real spans, the writes of tracestore not awaited. Delay: perf_hooks.monitorEventLoopDelay with a resolution of 1 ms, which is part of every figure; medians of ${options.rounds} rounds of ${options.seconds} s.`,
    '',
    ...table([
      ['load', 'delay ms, p50', 'p99', 'max', 'p99 / tracestore', 'main thread', 'spans/s', 'lists/s'],
      ...rows,
    ]),
  ];
}

function shortLines(results) {
  const rows = results.map(({ load, name, figures }) => [
    `${LOADS[load]}: ${LABELS[name]}`,
    `${fixed(figures.p99Ms, 1)} ms`,
    `${fixed(figures.maxMs, 1)} ms`,
    `${fixed(figures.mainShare * 100, 0)} %`,
  ]);
  return [
    'how late the event loop of a busy agent server is.',
    '',
    ...table([['', 'p99', 'longest', 'main thread busy'], ...rows]),
  ];
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      traces: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      'newer-node': { type: 'boolean' },
      data: { type: 'string' },
      dir: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  return {
    newer: values['newer-node'] === true,
    traces: Number(values.traces ?? 5_000),
    seconds: Number(values.seconds ?? 20),
    rounds: Number(values.rounds ?? 3),
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
    publish: values.publish === true,
  };
}
