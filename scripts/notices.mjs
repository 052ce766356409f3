// The licences of what the addons contain, by the lock file; as a command (`node scripts/notices.mjs`) it writes them.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const NOTICES = 'THIRD-PARTY.txt';

/** Of several licences that a crate offers, the first of these; a crate under none of them must be looked at by someone. */
const ACCEPTED = ['MIT', 'ISC', 'BSD-3-Clause', 'Zlib', 'CC0-1.0'];

/** The names of licences in those of files: `LICENSE-APACHE`, `LICENSE_A2`, `UNLICENSE`. */
const IN_FILE_NAMES = { MIT: /mit/i, ISC: /isc/i, 'BSD-3-Clause': /bsd/i, Zlib: /zlib/i, 'CC0-1.0': /cc0/i };
const OTHERS_IN_FILE_NAMES = /apache|_a2|unlicense/i;

const MIT = (holder) => `Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** What is linked and is no crate of the lock file. */
const BESIDE = [
  [
    'SQLite (in libsqlite3-sys)',
    `The author disclaims copyright to this source code: it is in the public domain.
See https://www.sqlite.org/copyright.html.`,
  ],
  [
    "Rust's standard library (MIT OR Apache-2.0)",
    `${MIT('The Rust Project Contributors')}

See https://github.com/rust-lang/rust/blob/master/COPYRIGHT for what it contains.`,
  ],
];

/** The whole text of the file. */
export function notices() {
  const groups = new Map(BESIDE.map(([name, text]) => [text, [name]]));
  for (const crate of linkedCrates()) {
    const text = licenceText(crate);
    groups.set(text, [...(groups.get(text) ?? []), `${crate.name} ${crate.version} (${crate.license})`]);
  }
  const sections = [...groups].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  const head = `Notices of the libraries that the native addons of tracestore contain, made by scripts/notices.mjs from Cargo.lock.
tracestore itself is under the licence in LICENSE.`;
  return `${[head, ...sections].join(`\n\n${'='.repeat(80)}\n\n`)}\n`;
}

/** The crates in the addon of any platform: not those of tests, nor those that run while it is built. */
function linkedCrates() {
  const { packages, resolve } = cargoMetadata();
  const crates = new Map(packages.map((crate) => [crate.id, crate]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const linked = new Set();
  const add = (id) => {
    const crate = crates.get(id);
    if (linked.has(crate) || crate.targets.some(({ kind }) => kind.includes('proc-macro'))) return;
    linked.add(crate);
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps)
      if (kinds.some(({ kind }) => kind === null)) add(pkg);
  };
  add(resolve.root);
  const foreign = [...linked].filter(({ source }) => source !== null);
  return foreign.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function cargoMetadata() {
  const { napi } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const platforms = napi.targets.flatMap((target) => ['--filter-platform', target]);
  const args = ['metadata', '--locked', '--format-version', '1', ...platforms];
  const PATH = [process.env.PATH, join(homedir(), '.cargo', 'bin')].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync('cargo', args, {
    cwd: ROOT,
    env: { ...process.env, PATH },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`cargo metadata failed\n${stderr ?? error?.message}`);
  return JSON.parse(stdout);
}

/** The files that come with a crate, but for those of licences that we don't choose. */
function licenceText({ name, license, authors, manifest_path: manifest }) {
  const chosen = ACCEPTED.find((licence) => license.includes(licence));
  if (chosen === undefined) throw new Error(`${name} is under ${license}: may the addon contain it?`);
  const { [chosen]: _chosen, ...others } = IN_FILE_NAMES;
  const ofOthers = [OTHERS_IN_FILE_NAMES, ...Object.values(others)];
  const folder = dirname(manifest);
  const files = readdirSync(folder)
    .filter((file) => /^(un)?licen[cs]e|^copying|^copyright|^notice/i.test(file))
    .filter((file) => !ofOthers.some((pattern) => pattern.test(file)));
  if (files.length === 0 && chosen === 'MIT') return MIT(authors.join(', ') || `the authors of ${name}`);
  if (files.length === 0) throw new Error(`${name} comes without the text of ${chosen}`);
  return files
    .toSorted()
    .map((file) => plainText(join(folder, file)))
    .join('\n\n');
}

function plainText(file) {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(ROOT, NOTICES), notices());
