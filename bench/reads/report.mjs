// The figures of the reads benchmark as tables, with ratios and the goals they are held against.
import { STORES } from '../shared/stores.mjs';
import { count, fixed, ratio, table, verdict } from '../shared/table.mjs';

/** How often a cold question is asked in a round. */
export const COLD_ASKED = 3;
const FULL_TRACES = 100_000;
const SHORT = new Set([
  'getSpans, long conversation',
  'listTraces, no filter: first page',
  'listTraces, agent (most): deep by cursor',
  'listTraces, tag (most): first page',
  'listTraces, tags + status: first page',
  'listSessions, no filter: first page',
]);

export function reportLines({ facts, cases, warm, once, cold, forgotten, names, rounds, stores }) {
  const files = Object.entries(facts.fileBytes).map(
    ([file, bytes]) =>
      `${file === STORES.ours.file ? 'tracestore' : 'hand-written'} ${fixed(bytes / 1e9, 2)} GB`,
  );
  return [
    `${count(facts.traces)} traces, ${count(facts.spans)} spans; files: ${files.join(', ')}; the long conversation has ${fixed(facts.longTraceBytes / 1e6)} MB of JSON in its spans.`,
    `All contenders gave deep-equal answers to all ${cases.length} questions. Warm: one process asks the same again and again; median and 99th percentile in ms over ${rounds} rounds; main: CPU of the main thread per call, ms, and its share of the CPU of all threads. Ratios: hand-written store / tracestore, above 1 tracestore is faster.`,
    '',
    ...table([warmTitles(names, stores), ...cases.map((one, i) => warmRow(one, i, warm, names))]),
    '',
    'Conversations of each size, each read once by `getSpans` and awaited, so that nothing of an answer can be kept: median in ms, CPU of the main thread and of all threads per call, ms.',
    '',
    ...table([onceTitles(names, stores), ...facts.bySize.map((one, i) => onceRow(one, i, once, names))]),
    '',
    `Cold: from loading the library and opening the file to the first answer of a fresh process, ms, median of ${rounds * COLD_ASKED}; ${forgotten ? "before each, the file's pages were dropped from the system's cache" : "the system may have had the file's pages: they can't be dropped from its cache here"}.`,
    '',
    ...table([['cold', ...names.map((name) => stores[name].label)], ...coldRows(cases, cold, names)]),
    '',
    ...table([['goal', 'goal', 'measured', ''], ...goals({ facts, cases, warm, names, stores })]),
  ];
}

export function shortLines({ facts, cases, warm, names }) {
  const rows = cases.flatMap(({ name }, i) => {
    if (!SHORT.has(name)) return [];
    const cells = names.map((store) => {
      const { medianMs, mainMs } = warm[store][i];
      return `${fixed(medianMs, 2)} (${fixed(mainMs, 2)}) ms`;
    });
    return [[name].concat(cells)];
  });
  return [
    `reading from ${count(facts.traces)} traces and ${count(facts.spans)} spans, median (of it main thread).`,
    '',
    ...table([[''].concat(names.map((name) => STORES[name].label)), ...rows]),
  ];
}

function warmTitles(names, stores) {
  const figures = names.flatMap((name) => [stores[name].label, 'p99', 'main', 'share']);
  const ratios = peersOf(names).flatMap((name) => [`x ${stores[name].label}`, 'x main']);
  return ['warm', ...figures, ...ratios];
}

function warmRow(one, i, warm, names) {
  const figures = names.flatMap((name) => {
    const { medianMs, p99Ms, mainMs, mainShare } = warm[name][i];
    return [fixed(medianMs, 2), fixed(p99Ms, 2), fixed(mainMs, 2), `${fixed(mainShare * 100, 0)} %`];
  });
  const ours = warm.ours?.[i];
  const ratios = peersOf(names).flatMap((name) => {
    const { medianMs, mainMs } = warm[name][i];
    return [ratio(medianMs, ours?.medianMs), ratio(mainMs, ours?.mainMs)];
  });
  return [one.name, ...figures, ...ratios];
}

function onceTitles(names, stores) {
  const figures = names.flatMap((name) => [stores[name].label, 'main', 'CPU']);
  return ['conversations', ...figures, ...peersOf(names).map((name) => `x ${stores[name].label}`)];
}

function onceRow({ size, traceIds }, i, once, names) {
  const figures = names.flatMap((name) => {
    const { medianMs, mainMs, cpuMs } = once[name][i];
    return [medianMs, mainMs, cpuMs].map((ms) => fixed(ms, 2));
  });
  const ratios = peersOf(names).map((name) => ratio(once[name][i].medianMs, once.ours?.[i].medianMs));
  return [`${traceIds.length} of ${size / 1_000} KB`, ...figures, ...ratios];
}

function peersOf(names) {
  return names.filter((name) => name !== 'ours');
}

function coldRows(cases, cold, names) {
  return cases.flatMap((one, i) =>
    one.deep ? [] : [[one.name, ...names.map((name) => fixed(cold[name][i], 1))]],
  );
}

function goals({ facts, cases, warm, names, stores }) {
  if (!warm.ours) return [];
  const size = facts.traces === FULL_TRACES ? '' : ' (not at full size)';
  return cases.flatMap((one, i) => {
    const ours = warm.ours[i].medianMs;
    const [peer] = peersOf(names);
    if (one.faster && peer) {
      const times = warm[peer][i].medianMs / ours;
      const said = verdict(times, one.faster, { least: true });
      return [[`${one.name}, x ${stores[peer].label}`, `at least ${one.faster}`, fixed(times, 2), said]];
    }
    if (!one.goal) return [];
    return [[one.name, `${one.goal} ms${size}`, `${fixed(ours, 2)} ms`, verdict(ours, one.goal)]];
  });
}
