// The figures of the peers as tables, with ratios against tracestore in the same run.
import { count, fixed, ratio, table } from '../shared/table.mjs';
import { CONTENDERS } from './contenders.mjs';

export function reportLines({ results, missing, rounds }) {
  const [facts] = Object.values(results);
  const names = Object.keys(CONTENDERS).filter((name) => results[name] || missing[name]);
  const rows = (cells, columns) =>
    names.map((name) => {
      const notRun = [`not run: ${missing[name]}`].concat(Array(columns - 1).fill(''));
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
  ];
}

const INGEST = [
  'storing',
  'main thread us/span',
  'x tracestore',
  'CPU us/span',
  'x tracestore',
  'spans/s',
  'tracestore x',
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
