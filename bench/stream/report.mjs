// The figures of the stream as tables, with ratios against Mastra's store in the same run and the goals they are held against.
import { reasons } from '../peers/report.mjs';
import { count, fixed, ratio, table, verdict } from '../shared/table.mjs';
import { CONTENDERS } from './contenders.mjs';

const TITLES = [
  'starts, updates and ends',
  'main thread us/record',
  'x Mastra',
  'CPU us/record',
  'x Mastra',
  'wall ms',
  'records/s',
  'file MB',
  'x Mastra',
];

/** The goal, us of the main thread for a record, and whom it is for; Mastra's store took 86 to 221 when it was set. */
const GOAL_US = 30;
const GOAL_FOR = ['ours-batch', 'ours-tick', 'ours-single'];

export function reportLines({ results, missing, rounds, mainThread }) {
  const [facts] = Object.values(results);
  const rows = Object.entries(results).map(([name, figures]) =>
    [CONTENDERS[name].label].concat(cells(figures, results['mastra-batch'])),
  );
  return [
    ...(facts ? [sizeLine(facts, rounds, mainThread), ''] : []),
    ...table([TITLES, ...rows]),
    '',
    ...goalTable(results),
    ...reasons(missing),
  ];
}

export function shortLines({ results, missing }) {
  const [facts] = Object.values(results);
  const rows = Object.entries(results).map(([name, { mainUs, cpuUs, records, fileBytes }]) => [
    CONTENDERS[name].label,
    `${fixed(mainUs / records, 0)} us`,
    `${fixed(cpuUs / records, 0)} us`,
    fileBytes ? `${fixed(fileBytes / 1e6)} MB` : '–',
  ]);
  return [
    facts
      ? `the starts, updates and ends of ${count(facts.spans)} running spans, ${count(facts.records)} records.`
      : 'nothing could be run.',
    '',
    ...table([['', 'main thread, per record', 'CPU, per record', 'file'], ...rows]),
    ...reasons(missing),
  ];
}

function sizeLine({ records, spans, traces, jsonBytes }, rounds, mainThread) {
  return `${count(records)} records of ${count(spans)} spans in ${count(traces)} traces, ${fixed(jsonBytes / records / 1e3)} KB of JSON each; medians of ${rounds} rounds. Main thread: ${mainThread}; CPU: all threads, closing included. Every store gave back all spans as they were told last. x: against the batches of Mastra's LibSQL store.`;
}

function cells({ mainUs, cpuUs, wallMs, records, fileBytes }, mastra) {
  return [
    fixed(mainUs / records),
    ratio(mainUs, mastra?.mainUs),
    fixed(cpuUs / records),
    ratio(cpuUs, mastra?.cpuUs),
    fixed(wallMs, 0),
    count(Math.round((records / wallMs) * 1_000)),
    fileBytes ? fixed(fileBytes / 1e6, 2) : '–',
    fileBytes ? ratio(fileBytes, mastra?.fileBytes) : '–',
  ];
}

function goalTable(results) {
  const rows = GOAL_FOR.filter((name) => results[name]).map((name) => {
    const measured = results[name].mainUs / results[name].records;
    const what = `main thread, ${CONTENDERS[name].label}`;
    return [what, `at most ${GOAL_US} us`, `${fixed(measured)} us`, verdict(measured, GOAL_US)];
  });
  return rows.length > 0 ? table([['', 'goal', 'measured', ''], ...rows]) : [];
}
