// Compares what it costs to read traces back from a large file: tracestore, and a store written by hand on better-sqlite3 and @libsql/client.
// usage: npm run bench -- reads [--traces 5000 | --full] [--rounds 3] [--only name,name] [--data folder-with-convert.mjs]
//        [--dir scratch-parent] [--keep folder-of-files] [--publish]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { about, publish } from '../shared/publish.mjs';
import { STORES } from '../shared/stores.mjs';
import { median } from '../shared/table.mjs';
import { casesFor } from './cases.mjs';
import { reportLines } from './report.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const LOAD = fileURLToPath(new URL('../shared/load.mjs', import.meta.url));

const options = readOptions();
const folder = options.keep ?? mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  const facts = prepareFiles();
  const cases = casesFor(facts);
  compareAnswers(facts, cases);
  const { warm, cold } = measure(facts, cases);
  const { only: names, rounds } = options;
  publish({
    name: 'reads',
    facts: about(),
    lines: reportLines({ facts, cases, warm, cold, names, rounds }),
    figures: { facts, names: cases.map(({ name }) => name), warm, cold },
    asked: options.publish,
  });
} finally {
  if (!options.keep) rmSync(folder, { recursive: true, force: true });
}

/** Fills the files that are not there yet; both peers read the same one. */
function prepareFiles() {
  mkdirSync(folder, { recursive: true });
  const known = ['ours', 'peer'].map((store) => {
    const notes = join(folder, `${store}.json`);
    if (!existsSync(notes)) {
      progress(`filling ${store}.db with ${options.traces} traces`);
      const args = [LOAD, store, join(folder, `${store}.db`), String(options.traces), options.data ?? ''];
      writeFileSync(notes, node(args));
    }
    return JSON.parse(readFileSync(notes, 'utf8'));
  });
  const [ours, peer] = known;
  if (ours.traces !== options.traces || peer.traces !== options.traces)
    throw new Error(`${folder} holds files of ${ours.traces} and ${peer.traces} traces; empty it`);
  return { ...ours, fileBytes: { ours: ours.fileBytes, peer: peer.fileBytes } };
}

function compareAnswers(facts, cases) {
  const [first, ...others] = options.only.map((name) => {
    progress(`comparing answers: ${STORES[name].label}`);
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
  const rounds = Object.fromEntries(options.only.map((name) => [name, { warm: [], cold: [] }]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const name of options.only) {
      progress(`round ${round}/${options.rounds}, ${STORES[name].label}`);
      rounds[name].warm.push(ask('warm', name, facts));
      rounds[name].cold.push(cases.map(({ deep }, i) => (deep ? null : ask(`cold:${i}`, name, facts))));
    }
  }
  progress('');
  const each = (combine) =>
    Object.fromEntries(
      options.only.map((name) => [name, cases.map((one, i) => combine(rounds[name], i, one))]),
    );
  return {
    warm: each(({ warm }, i) => medians(warm.map((figures) => figures[i]))),
    cold: each(({ cold }, i, { deep }) => (deep ? null : median(cold.map((figures) => figures[i])))),
  };
}

function medians(list) {
  const keys = Object.keys(list[0]);
  return Object.fromEntries(keys.map((key) => [key, median(list.map((figures) => figures[key]))]));
}

function ask(what, name, facts) {
  return JSON.parse(node(['--expose-gc', CHILD, what, name, folder, JSON.stringify(facts)]));
}

function node(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.slice(0, 4).join(' ')} failed (${status}):\n${stderr}`);
  return stdout;
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(100)}${text ? '' : '\r'}`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      traces: { type: 'string' },
      full: { type: 'boolean' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      data: { type: 'string' },
      dir: { type: 'string' },
      keep: { type: 'string' },
      publish: { type: 'boolean' },
    },
  });
  const only = values.only?.split(',') ?? Object.keys(STORES);
  const unknown = only.filter((name) => !STORES[name]);
  if (unknown.length > 0)
    throw new Error(`unknown store ${unknown.join(', ')}; there are ${Object.keys(STORES).join(', ')}`);
  return {
    traces: values.full ? 100_000 : Number(values.traces ?? 5_000),
    rounds: Number(values.rounds ?? 3),
    only,
    data: values.data && resolve(values.data),
    dir: resolve(values.dir ?? tmpdir()),
    keep: values.keep && resolve(values.keep),
    publish: values.publish === true,
  };
}
