// Prepares the spans that every contender stores: one JSON line per span, in files of a scratch folder.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, FIXTURE } from '../shared/corpus.mjs';

/**
 * The sets `{ name, file, spans, jsonBytes }`, smallest first. `data` is a folder with convert.mjs and its sources; without it and without
 * the project's shared data the fixtures are taken, once: copies of them would repeat their content word for word and flatter a store that keeps each piece once.
 */
export function prepareSets({ data, copies, scratch }) {
  const folder = dataFolder(data);
  if (!folder) return [spansOnly('fixtures', FIXTURE, scratch)];
  return copies.map((n) => {
    const calls = join(scratch, `calls-x${n}.jsonl`);
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'convert.mjs'), '--copies', String(n), '--out', calls],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`convert.mjs in ${folder} failed:\n${stderr}`);
    return spansOnly(n === 1 ? 'converter output' : `converter output, ${n} copies`, calls, scratch);
  });
}

function spansOnly(name, callsFile, scratch) {
  const lines = readFileSync(callsFile, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"op":"addSpan"'));
  const spans = lines.map((line) => JSON.stringify(JSON.parse(line).args.span));
  const file = join(scratch, `spans-${name.replaceAll(/\W+/g, '-')}.jsonl`);
  writeFileSync(file, spans.join('\n'));
  return {
    name,
    file,
    spans: spans.length,
    jsonBytes: spans.reduce((sum, line) => sum + Buffer.byteLength(line), 0),
  };
}
