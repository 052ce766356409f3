// The figures of the peers as tables, with ratios against tracestore in the same run.
import { count, fixed, ratio, table } from '../shared/table.mjs';
import { CONTENDERS } from './contenders.mjs';

export function reportLines({ results, missing, rounds }) {
  const [facts] = Object.values(results);
  const names = Object.keys(CONTENDERS).filter((name) => results[name] || missing[name]);
  const rows = (cells, columns) =>
    names.map((name) => {
      const notRun = ['not run'].concat(Array(columns - 1).fill('–'));
      return [CONTENDERS[name].label].concat(results[name] ? cells(results[name]) : notRun);
    });
  const ours = results.tracestore;
  return [
    ...(facts ? [sizeLine(facts, rounds), ''] : []),
    ...table([INGEST, ...rows((figures) => ingestCells(figures, ours), INGEST.length - 1)]),
    '',
    `Reading back, each store opened anew; the long conversation has ${facts ? fixed(facts.longBytes / 1e6) : '–'} MB of JSON in its spans, and every contender's answer held the same inputs. ms, median of up to 50.`,
    '',
    ...table([READS, ...rows((figures) => readCells(figures, ours), READS.length - 1)]),
    ...reasons(missing),
  ];
}

const INGEST = [
  'storing',
  'main thread us/span',
  'x tracestore',
  'CPU us/span',
  'x tracestore',
  'spans/s',
  'x slower',
  'file MB',
  'x tracestore',
  'memory MB',
];
const READS = [
  'reading',
  'long conversation',
  'p99',
  'main',
  'x tracestore',
  'first 50 traces',
  'p99',
  'main',
  'x tracestore',
];

/** Lines on the contenders that could not be run, for below the tables. */
export function reasons(missing) {
  const lines = Object.entries(missing).map(
    ([name, reason]) => `Not run: ${CONTENDERS[name].label} (${reason}).`,
  );
  return lines.length > 0 ? [''].concat(lines) : [];
}

export function shortLines({ results, missing }) {
  const names = Object.keys(CONTENDERS).filter((name) => results[name] || missing[name]);
  const rows = names.map((name) => [CONTENDERS[name].label].concat(shortCells(results[name])));
  const [facts] = Object.values(results);
  const titles = [
    '',
    'main thread, per span',
    'CPU, per span',
    'spans/s',
    'file',
    'a long conversation',
    'first 50 traces',
  ];
  return [
    `${facts ? count(facts.spans) : 'no'} spans stored and read back.`,
    '',
    ...table([titles, ...rows]),
    ...reasons(missing),
  ];
}

function shortCells(figures) {
  if (!figures) return ['not run', '–', '–', '–', '–', '–'];
  const { mainUs, cpuUs, spans, wallMs, fileBytes, conversation, firstPage } = figures;
  return [
    `${fixed(mainUs / spans, 0)} us`,
    `${fixed(cpuUs / spans, 0)} us`,
    count(Math.round((spans / wallMs) * 1_000)),
    `${fixed(fileBytes / 1e6)} MB`,
    `${fixed(conversation.medianMs)} ms`,
    `${fixed(firstPage.medianMs)} ms`,
  ];
}

function sizeLine({ traces, spans, jsonBytes }, rounds) {
  return `${count(traces)} traces, ${count(spans)} spans, ${fixed(jsonBytes / 1e6)} MB of JSON; medians of ${rounds} rounds. Main thread: CPU of the thread that hands over; CPU: all threads and, for Phoenix, the server, closing included. Rate: until all is stored and can be read. Memory: the most that was resident, the data that is stored included, and the server.`;
}

function ingestCells({ mainUs, cpuUs, wallMs, spans, fileBytes, rssBytes }, ours) {
  return [
    fixed(mainUs / spans),
    ratio(mainUs, ours?.mainUs),
    fixed(cpuUs / spans),
    ratio(cpuUs, ours?.cpuUs),
    count(Math.round((spans / wallMs) * 1_000)),
    ratio(wallMs, ours?.wallMs),
    fixed(fileBytes / 1e6, 2),
    ratio(fileBytes, ours?.fileBytes),
    fixed(rssBytes / 1e6, 0),
  ];
}

function readCells(figures, ours) {
  return ['conversation', 'firstPage'].flatMap((what) => {
    const { medianMs, p99Ms, mainMs } = figures[what];
    return [fixed(medianMs, 2), fixed(p99Ms, 2), fixed(mainMs, 2), ratio(medianMs, ours?.[what].medianMs)];
  });
}
