// Prints the figures of the ingest benchmark as tables, with ratios and the goals they are held against.
import { CONTENDERS } from './contenders.mjs';

const COLUMNS = [
  ['main thread us/span', (figures) => fixed(figures.mainUs)],
  ['x stringify', (figures, all) => ratio(figures.mainUs, all.stringify?.median.mainUs)],
  ['CPU us/span', (figures) => fixed(figures.cpuUs)],
  ['x insert', (figures, all) => ratio(figures.cpuUs, all['sqlite-insert']?.median.cpuUs)],
  ['wall ms', (figures) => fixed(figures.wallMs, 0)],
  ['await us, median', (figures) => fixed(figures.latencyMedianUs, 0)],
  ['p99', (figures) => fixed(figures.latencyP99Us, 0)],
  ['file MB', (figures) => (figures.fileBytes ? fixed(figures.fileBytes / 1e6, 2) : '–')],
  ['x JSON', (figures, _all, set) => (figures.fileBytes ? ratio(figures.fileBytes, set.jsonBytes) : '–')],
];

/** The goals: `[what, contender, held against, figure, at most]`. Without a limit: no goal, the floor of the next lines. */
const GOALS = [
  ['main thread, batches / JSON.stringify', 'ours-batch', 'stringify', 'mainUs', 1.5],
  ['JSON.stringify alone / better-sqlite3 per insert', 'stringify', 'sqlite-insert', 'mainUs'],
  ['main thread, batches / better-sqlite3 per insert', 'ours-batch', 'sqlite-insert', 'mainUs', 1 / 3],
  ['main thread, one per tick / better-sqlite3 per insert', 'ours-tick', 'sqlite-insert', 'mainUs', 1 / 3],
  ['CPU, batches / better-sqlite3 per insert', 'ours-batch', 'sqlite-insert', 'cpuUs', 1],
  ['CPU, one per tick / better-sqlite3 per insert', 'ours-tick', 'sqlite-insert', 'cpuUs', 1],
  ['file / better-sqlite3', 'ours-batch', 'sqlite-insert', 'fileBytes', 1 / 10],
];

export function printReport(about, sets) {
  console.log(
    `\n${about.date.slice(0, 10)}, Node ${about.node}, ${about.cpu}; medians of ${about.rounds} rounds`,
  );
  console.log(
    `main thread: CPU of loop, flush and settlement with garbage collection (${about.mainThread}); CPU: all threads, closing included`,
  );
  for (const set of sets) {
    const size = `${(set.jsonBytes / 1e6).toFixed(1)} MB of JSON, ${(set.jsonBytes / set.spans / 1e3).toFixed(1)} KB each`;
    console.log(`\n${set.name}: ${set.spans.toLocaleString('en-US')} spans, ${size}`);
    printTable(set);
    printGoals(set);
  }
}

function printTable(set) {
  const rows = Object.entries(set.results).map(([name, { median }]) => {
    const cells = COLUMNS.map(([, cell]) => cell(median, set.results, set));
    return [CONTENDERS[name].label].concat(cells);
  });
  printAligned([['', ...COLUMNS.map(([title]) => title)], ...rows]);
}

function printGoals(set) {
  const rows = GOALS.filter(([, ours, theirs]) => set.results[ours] && set.results[theirs]).map(
    ([what, ours, theirs, key, most]) => {
      const measured = set.results[ours].median[key] / set.results[theirs].median[key];
      if (most === undefined) return [what, measured.toFixed(2), 'floor', ''];
      const verdict =
        measured <= most ? 'reached' : `missed by ${((measured / most - 1) * 100).toFixed(0)} %`;
      return [what, measured.toFixed(2), `goal ${most.toFixed(2)}`, verdict];
    },
  );
  if (rows.length > 0) console.log('');
  printAligned(rows);
}

function printAligned(rows) {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i].length))) ?? [];
  for (const row of rows)
    console.log(
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')}`,
    );
}

function fixed(value, digits = 1) {
  return value === undefined || value === null || Number.isNaN(value) ? '–' : value.toFixed(digits);
}

function ratio(value, base) {
  return base ? fixed(value / base, 2) : '–';
}
