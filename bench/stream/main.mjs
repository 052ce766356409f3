// Compares what the starts, updates and ends of running spans cost: tracestore, Mastra's LibSQL store, a store by hand, and JSON.stringify as the floor.
// usage: npm run bench -- stream [--copies 2] [--rounds 5] [--only name,name] [--data folder-with-convert.mjs] [--dir scratch-parent] [--publish]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runtime } from '../peers/install.mjs';
import { mainThreadSource } from '../shared/cpu.mjs';
import { roundOptions } from '../shared/options.mjs';
import { progress, tellEstimate } from '../shared/progress.mjs';
import { about, publish } from '../shared/publish.mjs';
import { mediansOf } from '../shared/table.mjs';
import { CONTENDERS } from './contenders.mjs';
import { reportLines, shortLines } from './report.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const CHILD_SECONDS = [2, 2]; // to start, and per copy

const options = roundOptions(CONTENDERS, { copies: 2, rounds: 5 });
const peers = [...new Set(options.only.map((name) => CONTENDERS[name].peer))];
const { node, version, versions, missing } = await runtime(true, peers);
const names = options.only.filter((name) => !missing[CONTENDERS[name].peer]);
const scratch = mkdtempSync(join(options.dir, 'tracestore-bench-'));
try {
  const [start, perCopy] = CHILD_SECONDS;
  tellEstimate((start + perCopy * options.copies) * names.length * options.rounds);
  const rounds = measure();
  const results = Object.fromEntries(names.map((name) => [name, mediansOf(rounds[name])]));
  publish({
    name: 'stream',
    facts: { ...about(versions), node: version },
    lines: reportLines({ results, missing, rounds: options.rounds, mainThread: mainThreadSource() }),
    short: shortLines({ results, missing }),
    figures: { results, rounds, missing },
    asked: options.publish,
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Rounds A B C A B C, so that a slow minute of the machine touches all alike. */
function measure() {
  const rounds = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 1; round <= options.rounds; round += 1)
    for (const name of names) {
      progress(`round ${round}/${options.rounds}, ${CONTENDERS[name].label}`);
      rounds[name].push(runChild(name));
    }
  progress('');
  return rounds;
}

function runChild(name) {
  const args = ['--expose-gc', CHILD, name, scratch, String(options.copies), options.data ?? ''];
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed (${status}):\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
