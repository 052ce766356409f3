// Prints a report, keeps its figures in results/, and with --publish puts it into RESULTS.md and its short form into the README.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
export const RESULTS = join(BENCH, 'results');
const PUBLISHED = join(BENCH, 'RESULTS.md');
const README = join(BENCH, '..', 'README.md');

const COMMIT = commit(); // of the start: somebody may commit while it runs

/** What a figure can't be read without; `versions` of what is compared with, else the two drivers for Node 20. */
export function about(versions = driverVersions()) {
  return {
    date: new Date().toISOString(),
    command: command(),
    commit: COMMIT,
    node: process.version,
    versions,
    machine: `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  };
}

function driverVersions() {
  return Object.fromEntries(
    ['better-sqlite3', '@libsql/client'].map((name) => [name, version(`node_modules/${name}`)]),
  );
}

/** The command line without what changes no figure: places and publishing. */
function command() {
  const part = process.argv[1].split(/[\\/]/).at(-2);
  const options = process.argv.slice(2).join(' ');
  return `npm run bench -- ${part} ${options.replaceAll(/--(keep|dir|data|node) \S+|--publish/g, '')}`
    .replaceAll(/ +/g, ' ')
    .trim();
}

/** `lines` is the whole report, `short` what the README says of it, if it does. */
export function publish({ name, facts, lines, short, figures, asked }) {
  const versions = Object.entries(facts.versions).map(([peer, number]) => `${peer} ${number}`);
  const software = [`tracestore ${version('..')} at ${facts.commit}`, `Node ${facts.node}`, ...versions];
  const head = `${facts.date.slice(0, 10)}, ${software.join(', ')}; ${facts.machine}.`;
  const text = [`\`${facts.command}\``, '', head, '', ...lines].join('\n');
  console.log(`\n${text}`);
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${name}-${facts.date.replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify({ about: facts, ...figures }, null, 2)}\n`);
  console.log(`\nevery figure: ${file}`);
  if (!asked) return;
  replaceSection(PUBLISHED, name, text);
  if (!short) return;
  const repeat = `\`${facts.command}\` on ${facts.machine}, Node ${facts.node}`;
  replaceSection(README, name, [`${repeat}: ${short[0]}`, ...short.slice(1)].join('\n'));
}

function replaceSection(file, name, text) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const page = readFileSync(file, 'utf8');
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}: ${start} … ${end}`);
  writeFileSync(file, `${page.slice(0, from)}${start}\n${text}\n${page.slice(to)}`);
}

/** The commit, with a mark if what is measured was changed since; the benchmarks' own files don't count. */
function commit() {
  try {
    const changed =
      git('status', '--porcelain', '--', '../src', '../lib', '../Cargo.toml', '../index.d.ts', '../types') !==
      '';
    return git('rev-parse', '--short', 'HEAD').trim() + (changed ? ' with changes' : '');
  } catch {
    return 'no commit';
  }
}

function git(...args) {
  return execFileSync('git', args, { cwd: BENCH, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function version(folder) {
  const file = join(BENCH, folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : 'absent';
}
