// Measures what the main thread pays to encode spans and put them into the pooled buffer, as multiples of JSON.stringify in the same run.
// usage: npm run bench -- encode [--data folder-with-convert.mjs] [--copies 5] [--rounds 3] [--only name,name] [--node path] [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareSets } from '../ingest/data.mjs';
import { chosen } from '../shared/only.mjs';
import { progress, tellEstimate } from '../shared/progress.mjs';
import { about, publish } from '../shared/publish.mjs';
import { count, fixed, mediansOf, table, verdict } from '../shared/table.mjs';
import { CASES } from './cases.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const CHILD_SECONDS = 6;
/** At most this many times `JSON.stringify`, or `JSON.stringify` and the pooled write; the first depends on the Node. */
const GOALS = {
  real: { stringify: (major) => (major < 22 ? 0.6 : 0.45) },
  fresh: { pooled: () => 1.3 },
  unique: { pooled: () => 1.4 },
  small: { stringify: () => 1.3 },
};

const options = readOptions();
const scratch = mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  tellEstimate(CHILD_SECONDS * options.only.length * options.rounds);
  const [set] = prepareSets({ data: options.data, copies: [options.copies], scratch });
  const node = run(options.node, ['-p', 'process.version']).trim();
  const results = measure(set.file);
  publish({
    name: `encode-${Number.parseInt(node.slice(1), 10)}`,
    facts: { ...about(), node },
    lines: reportLines(set, results, Number.parseInt(node.slice(1), 10)),
    figures: { set, results },
    asked: options.publish,
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Rounds A B C A B C; the ways of one case are measured in one process, taking turns. */
function measure(spansFile) {
  const rounds = Object.fromEntries(options.only.map((name) => [name, []]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const name of options.only) {
      progress(`round ${round}/${options.rounds}, ${CASES[name].label}`);
      rounds[name].push(JSON.parse(run(options.node, [CHILD, name, spansFile])));
    }
  }
  progress('');
  return Object.fromEntries(Object.entries(rounds).map(([name, list]) => [name, mediansOf(list)]));
}

function run(node, args) {
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.slice(0, 3).join(' ')} failed (${status}):\n${stderr}`);
  return stdout;
}

function reportLines({ name: setName, spans, jsonBytes }, results, major) {
  const rows = Object.entries(results).map(([name, { us, bytes }]) => {
    const against = { stringify: us.ours / us.stringify, pooled: us.ours / us.pooled };
    const [[base, goal] = []] = Object.entries(GOALS[name] ?? {});
    return [
      CASES[name].label,
      fixed(us.stringify),
      fixed(us.pooled / us.stringify, 2),
      fixed(against.stringify, 2),
      fixed(against.pooled, 2),
      fixed(us.plain / us.stringify, 2),
      fixed(bytes.ours / bytes.pooled, 2),
      goal ? `${fixed(goal(major), 2)} x ${base}: ${verdict(against[base], goal(major))}` : '–',
    ];
  });
  return [
    `${setName}: ${count(spans)} spans, ${fixed(jsonBytes / 1e6)} MB. Main thread, medians of ${options.rounds} rounds, us a span.`,
    '',
    ...table([
      [
        'spans',
        'JSON.stringify us',
        'and pooled write',
        'encoder / stringify',
        'encoder / pooled',
        'plain / stringify',
        'bytes handed over',
        'goal',
      ],
      ...rows,
    ]),
  ];
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      copies: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      node: { type: 'string' },
      dir: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  return {
    data: values.data && resolve(values.data),
    copies: Number(values.copies ?? 5),
    rounds: Number(values.rounds ?? 3),
    only: chosen(values.only, Object.keys(CASES)),
    node: values.node ?? process.execPath,
    dir: resolve(values.dir ?? tmpdir()),
    publish: values.publish === true,
  };
}
