// The figures of the ingest benchmark as tables, with ratios and the goals they are held against.
import { count, fixed, ratio, table, verdict } from '../shared/table.mjs';
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
  ['main thread, batches / JSON.stringify', 'ours-batch', 'stringify', 'mainUs', 1.3],
  ['JSON.stringify alone / better-sqlite3 per insert', 'stringify', 'sqlite-insert', 'mainUs'],
  ['main thread, batches / better-sqlite3 per insert', 'ours-batch', 'sqlite-insert', 'mainUs', 1 / 3],
  ['main thread, one per tick / better-sqlite3 per insert', 'ours-tick', 'sqlite-insert', 'mainUs', 1 / 3],
  ['CPU, batches / better-sqlite3 per insert', 'ours-batch', 'sqlite-insert', 'cpuUs', 1],
  ['CPU, one per tick / better-sqlite3 per insert', 'ours-tick', 'sqlite-insert', 'cpuUs', 1],
  ['file, batches / better-sqlite3', 'ours-batch', 'sqlite-insert', 'fileBytes', 1 / 25],
  ['file, one per tick / better-sqlite3', 'ours-tick', 'sqlite-insert', 'fileBytes', 1 / 25],
];

export function reportLines({ rounds, mainThread }, sets) {
  return [
    `Medians of ${rounds} rounds. Main thread: CPU of loop, flush and settlement with garbage collection (${mainThread}); CPU: all threads, closing included.`,
    ...sets.flatMap((set) => ['', sizeLine(set), '', ...figureTable(set), '', ...goalTable(set)]),
  ];
}

/** The last set is the largest. */
export function shortLines(sets) {
  const { spans, jsonBytes, results } = sets.at(-1);
  const rows = Object.entries(results).map(([name, { median }]) => [
    CONTENDERS[name].label,
    `${fixed(median.mainUs)} us`,
    `${fixed(median.cpuUs)} us`,
    median.fileBytes ? `${fixed(median.fileBytes / 1e6, 2)} MB` : '–',
    median.latencyMedianUs ? `${fixed(median.latencyMedianUs, 0)} us` : '–',
  ]);
  return [
    `storing ${count(spans)} spans, ${fixed(jsonBytes / 1e6)} MB of JSON.`,
    '',
    ...table([['', 'main thread, per span', 'CPU, per span', 'file', 'one awaited write'], ...rows]),
  ];
}

function sizeLine({ name, spans, jsonBytes }) {
  return `${name}: ${count(spans)} spans, ${fixed(jsonBytes / 1e6)} MB of JSON, ${fixed(jsonBytes / spans / 1e3)} KB each`;
}

function figureTable(set) {
  const rows = Object.entries(set.results).map(([name, { median }]) => {
    const cells = COLUMNS.map(([, cell]) => cell(median, set.results, set));
    return [CONTENDERS[name].label].concat(cells);
  });
  return table([['', ...COLUMNS.map(([title]) => title)], ...rows]);
}

function goalTable(set) {
  const rows = GOALS.filter(([, ours, theirs]) => set.results[ours] && set.results[theirs]).map(
    ([what, ours, theirs, key, most]) => {
      const measured = set.results[ours].median[key] / set.results[theirs].median[key];
      if (most === undefined) return [what, 'the floor', fixed(measured, 2), ''];
      return [what, `at most ${fixed(most, 2)}`, fixed(measured, 2), verdict(measured, most)];
    },
  );
  return rows.length > 0 ? table([['', 'goal', 'measured', ''], ...rows]) : [];
}
