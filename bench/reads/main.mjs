// Compares what it costs to read traces back from a large file: tracestore, and a store written by hand on better-sqlite3 and @libsql/client.
// usage: npm run bench -- reads [--traces 5000 | --full] [--rounds 3; 1 with --full] [--newer-node] [--only name,name] [--data folder-with-convert.mjs]
//        [--dir scratch-parent] [--keep folder-of-files] [--publish]
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { newerNode } from '../peers/install.mjs';
import { dropPages, needDisk } from '../shared/disk.mjs';
import { chosen } from '../shared/only.mjs';
import { progress, tellEstimate } from '../shared/progress.mjs';
import { about, publish } from '../shared/publish.mjs';
import { NEWER_STORES, STORES } from '../shared/stores.mjs';
import { median, mediansOf } from '../shared/table.mjs';
import { casesFor } from './cases.mjs';
import { COLD_ASKED, reportLines, shortLines } from './report.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const LOAD = fileURLToPath(new URL('../shared/load.mjs', import.meta.url));

const BYTES_PER_TRACE = { 'ours.db': 15_000, 'peer.db': 130_000 };
const FILLING_MS = 5; // a trace, in both files at once
const ASKING_SECONDS = 80; // one contender in one round

const options = readOptions();
const stores = options.newer ? NEWER_STORES : STORES;
const { node: executable, version } = options.newer
  ? await newerNode()
  : { node: process.execPath, version: process.version };
const folder = options.keep ?? mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  const facts = await prepareFiles();
  const cases = casesFor(facts);
  compareAnswers(facts, cases);
  const { warm, once, cold, forgotten } = measure(facts, cases);
  const { only: names, rounds } = options;
  publish({
    name: options.newer ? 'reads-newer' : 'reads',
    facts: { ...about(options.newer ? {} : undefined), node: version },
    lines: reportLines({ facts, cases, warm, once, cold, forgotten, names, rounds, stores }),
    short: options.newer ? undefined : shortLines({ facts, cases, warm, names }),
    figures: { facts, names: cases.map(({ name }) => name), warm, once, cold, forgotten },
    asked: options.publish,
  });
} finally {
  if (!options.keep) rmSync(folder, { recursive: true, force: true });
}

/** Fills the files that are not there yet, both at once as no clock runs; both peers read the same one. */
async function prepareFiles() {
  mkdirSync(folder, { recursive: true });
  const files = [...new Set(options.only.map((name) => stores[name].file))];
  const wanted = files.filter((file) => !existsSync(join(folder, `${file}.json`)));
  needDisk(
    folder,
    wanted.reduce((sum, file) => sum + options.traces * BYTES_PER_TRACE[file], 0),
  );
  tellEstimate(estimate(wanted));
  progress(`filling ${wanted.join(' and ')} with ${options.traces} traces`);
  await Promise.all(wanted.map(fill));
  const known = files.map((file) => JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')));
  const other = known.find(({ traces }) => traces !== options.traces);
  if (other) throw new Error(`${folder} holds files of ${other.traces} traces; empty it`);
  const sizes = files.map((file, i) => [file, known[i].fileBytes]);
  return { ...known[0], fileBytes: Object.fromEntries(sizes) };
}

async function fill(file) {
  const store = file === STORES.ours.file ? 'ours' : 'peer';
  const args = [LOAD, store, join(folder, file), String(options.traces), options.data ?? ''];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  writeFileSync(join(folder, `${file}.json`), stdout);
}

/** Seconds on the machine of RESULTS.md. */
function estimate(filling) {
  const asking = options.only.length * options.rounds * ASKING_SECONDS;
  return (filling.length > 0 ? (options.traces * FILLING_MS) / 1_000 : 0) + asking;
}

function compareAnswers(facts, cases) {
  const [first, ...others] = options.only.map((name) => {
    progress(`comparing answers: ${stores[name].label}`);
    return { name, hashes: ask('answers', name, facts) };
  });
  for (const { name, hashes } of others) {
    const differing = cases.filter((_, i) => hashes[i] !== first.hashes[i]);
    if (differing.length > 0)
      throw new Error(
        `${first.name} and ${name} answer differently: ${differing.map((one) => one.name).join('; ')}`,
      );
  }
}

/** Rounds A B C A B C; warm figures are medians over the rounds, each in a process of its own, as is each cold one. */
function measure(facts, cases) {
  const rounds = Object.fromEntries(
    options.only.map((name) => [name, { warm: [], once: [], cold: cases.map(() => []) }]),
  );
  let forgotten = true;
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const name of options.only) {
      progress(`round ${round}/${options.rounds}, ${stores[name].label}`);
      rounds[name].warm.push(ask('warm', name, facts));
      rounds[name].once.push(ask('once', name, facts));
      for (const [i, { deep }] of cases.entries()) {
        for (let n = deep ? COLD_ASKED : 0; n < COLD_ASKED; n += 1) {
          forgotten = dropPages(join(folder, stores[name].file)) && forgotten;
          rounds[name].cold[i].push(ask(`cold:${i}`, name, facts));
        }
      }
    }
  }
  progress('');
  const each = (combine, asked = cases) =>
    Object.fromEntries(options.only.map((name) => [name, asked.map((_, i) => combine(rounds[name], i))]));
  return {
    warm: each(({ warm }, i) => mediansOf(warm.map((figures) => figures[i]))),
    once: each(({ once }, i) => mediansOf(once.map((figures) => figures[i])), facts.bySize),
    cold: each(({ cold }, i) => (cold[i].length > 0 ? median(cold[i]) : null)),
    forgotten,
  };
}

function ask(what, name, facts) {
  const args = ['--expose-gc', CHILD, what, name, folder, JSON.stringify(facts)];
  const { status, stdout, stderr } = spawnSync(executable, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${what} of ${name} failed (${status}):\n${stderr}`);
  return JSON.parse(stdout);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      traces: { type: 'string' },
      full: { type: 'boolean' },
      'newer-node': { type: 'boolean' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      data: { type: 'string' },
      dir: { type: 'string' },
      keep: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  const newer = values['newer-node'] === true;
  return {
    newer,
    traces: values.full ? 100_000 : Number(values.traces ?? 5_000),
    rounds: Number(values.rounds ?? (values.full ? 1 : 3)),
    only: chosen(values.only, Object.keys(newer ? NEWER_STORES : STORES)),
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
    keep: values.keep && resolve(values.keep),
    publish: values.publish === true,
  };
}
