// Compares how late the event loop of a busy agent server is: nothing, tracestore, and a store written by hand on better-sqlite3; or Mastra's, too, on a newer Node.
// usage: npm run bench -- loop [--traces 5000] [--seconds 20] [--rounds 3] [--newer-node] [--only name,name]
//        [--data folder-with-convert.mjs] [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CONTENDERS, MASTRA } from '../peers/contenders.mjs';
import { runtime, versionOf } from '../peers/install.mjs';
import { reasons } from '../peers/report.mjs';
import { chosen } from '../shared/only.mjs';
import { progress, tellEstimate } from '../shared/progress.mjs';
import { about, publish } from '../shared/publish.mjs';
import { STORES } from '../shared/stores.mjs';
import { count, fixed, median, ratio, table } from '../shared/table.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const LOAD = fileURLToPath(new URL('../shared/load.mjs', import.meta.url));
const LABELS = {
  none: 'no store',
  ours: 'tracestore',
  'better-sqlite3': 'better-sqlite3',
  ...Object.fromEntries(['node-sqlite', ...MASTRA].map((name) => [name, CONTENDERS[name].name])),
};
const LOADS = { alone: '500 spans/s', lists: '500 spans/s, listTraces of 1,000 again and again' };
const MASTRA_NOTE = ` Mastra's stores are written by Mastra's own exporter, and asked for ten pages of 100, the largest, one after the other: one list of 1,000.`;
const AROUND_SECONDS = 5; // a run's start and warm-up
const FILLING_MS = { older: 4, newer: 6 }; // a trace, in one file; Mastra's DuckDB takes three times as long as the others

const options = readOptions();
const { node: executable, version, versions, missing } = await runtime(options.newer, options.contenders);
const names = options.only.filter((name) => !missing[name]);
const folder = mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  const filled = names.filter((name) => name !== 'none');
  const runs = names.length + filled.length; // of a round
  tellEstimate(
    runs * options.rounds * (options.seconds + AROUND_SECONDS) +
      (filled.length * options.traces * FILLING_MS[options.newer ? 'newer' : 'older']) / 1_000,
  );
  const [facts = { traces: 0, spans: 0 }] = filled.map(fill);
  const results = measure();
  publish({
    name: options.newer ? 'loop-newer' : 'loop',
    facts: { ...about(versions && { ...versions, ...exporterVersion() }), node: version },
    lines: [...reportLines(facts, results), ...reasons(missing)],
    short: options.newer ? undefined : shortLines(results),
    figures: { facts, results, missing },
    asked: options.publish,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The hand-written file by the driver of this Node, whoever reads it; Mastra's stores by themselves. */
function fill(name) {
  progress(`filling ${LABELS[name]}`);
  const mastra = MASTRA.includes(name);
  const store = mastra || name === 'ours' ? name : 'peer';
  const place = mastra ? name : STORES[name === 'ours' ? 'ours' : 'better-sqlite3'].file;
  return run(mastra ? executable : process.execPath, [
    LOAD,
    store,
    join(folder, place),
    String(options.traces),
    options.data ?? '',
  ]);
}

function exporterVersion() {
  if (!names.some((name) => MASTRA.includes(name))) return {};
  return { '@mastra/observability': versionOf('@mastra/observability') };
}

/** Rounds A B C A B C; `[load, name, medians]`, the server without a store only under the first load. */
function measure() {
  const runs = Object.keys(LOADS).flatMap((load) =>
    names.filter((name) => name !== 'none' || load === 'alone').map((name) => ({ load, name, rounds: [] })),
  );
  for (let round = 0; round < options.rounds; round += 1)
    for (const { load, name, rounds } of runs) {
      progress(`round ${round + 1}/${options.rounds}, ${LABELS[name]}, ${LOADS[load]}`);
      rounds.push(run(executable, [CHILD, name, load, folder, String(options.seconds), options.data ?? '']));
    }
  progress('');
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
    const ours = results.find((one) => one.load === load && one.name === 'ours')?.figures;
    return [
      `${LOADS[load]}: ${LABELS[name]}`,
      fixed(figures.p50Ms, 2),
      fixed(figures.p99Ms, 2),
      fixed(figures.maxMs),
      ratio(figures.p99Ms, ours?.p99Ms),
      `${fixed(figures.mainShare * 100)} %`,
      fixed(figures.written / (figures.ms / 1_000), 0),
      load === 'lists' ? fixed(figures.lists / (figures.ms / 1_000), 2) : '–',
      fixed(figures.closeMs / 1_000),
    ];
  });
  return [
    `A file of ${count(traces)} traces and ${count(spans)} spans; real spans, the writes of tracestore not awaited. Delay: perf_hooks.monitorEventLoopDelay with a resolution of 1 ms, which is part of every figure; medians of ${options.rounds} rounds of ${options.seconds} s. Closing: until all that was handed over is stored.${options.newer ? MASTRA_NOTE : ''}`,
    '',
    ...table([
      [
        'load',
        'delay ms, p50',
        'p99',
        'max',
        'p99 / tracestore',
        'main thread',
        'spans/s',
        'lists/s',
        'closing s',
      ],
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
      only: { type: 'string' },
      data: { type: 'string' },
      dir: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  const newer = values['newer-node'] === true;
  const peers = newer ? ['node-sqlite', ...MASTRA] : ['better-sqlite3'];
  const only = chosen(values.only, ['none', 'ours', ...peers]);
  return {
    newer,
    only,
    contenders: only.filter((name) => CONTENDERS[name]),
    traces: Number(values.traces ?? 5_000),
    seconds: Number(values.seconds ?? 20),
    rounds: Number(values.rounds ?? 3),
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
    publish: values.publish === true,
  };
}
