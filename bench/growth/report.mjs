// The figures of the growth benchmark as tables, with ratios against tracestore and the goal that it is held against.
import { count, fixed, ratio, table, verdict } from '../shared/table.mjs';

/** The rate at 2 million must be at least this share of the rate at 100 thousand. */
const GOAL = { from: 100_000, to: 2_000_000, share: 0.8 };
const TITLES = ['spans/s', 'x slower', 'CPU us/span', 'x', 'file MB', 'x', 'memory MB', 'x'];

/** `series`: `{ store: { label, steps } }`. */
export function reportLines({ series, steps, common }) {
  const rows = steps.flatMap((spans) => {
    const ours = at(series.ours, spans);
    return Object.values(series).map((one) => {
      const label = `${count(spans)}: ${one.label}`;
      return [label].concat(cells(at(one, spans), ours));
    });
  });
  const calls = common
    ? 'Traces and their spans, which all of these stores know'
    : 'Whole conversations (traces, spans, sessions, scores)';
  return [
    `${calls}, 100 calls at once and then awaited, or transactions of 100${common ? ", or Mastra's batches of up to 1,000" : ''}. Rate and CPU (all threads) are those of the step alone, without making the data; memory is what is resident after a garbage collection, the set of conversations included. x: against tracestore, above 1 tracestore is faster or smaller.`,
    '',
    ...table([['spans', ...TITLES], ...rows]),
    ...goalLines(series, steps.at(-1)),
  ];
}

/** From the first step, and the one that the goal starts from, to the last. */
export function shortLines({ series }) {
  const rows = Object.values(series).flatMap(({ label, steps }) => {
    const shown = steps.filter(({ spans }, i) => spans === GOAL.from || i === 0 || i === steps.length - 1);
    return shown.map((step) => [
      `${label}, ${count(step.spans)} spans`,
      count(Math.round(step.perSecond)),
      `${megabytes(step.fileBytes)} MB`,
      `${megabytes(step.rssBytes)} MB`,
    ]);
  });
  return [
    'one file while it grows ([plot](bench/plots/growth.svg)).',
    '',
    ...table([['', 'spans/s', 'file', 'memory'], ...rows]),
  ];
}

/** A store that was stopped at this step, to spare the disk, has no figures. */
function cells(step, ours) {
  if (!step) return TITLES.map(() => '–');
  return [
    count(Math.round(step.perSecond)),
    ratio(ours?.perSecond, step.perSecond),
    fixed(step.cpuUs, 0),
    ratio(step.cpuUs, ours?.cpuUs),
    megabytes(step.fileBytes),
    ratio(step.fileBytes, ours?.fileBytes),
    megabytes(step.rssBytes),
    ratio(step.rssBytes, ours?.rssBytes),
  ];
}

/** The rate as it was asked for; CPU per span says the same of a machine that others use too. */
function goalLines(series, last) {
  if (last <= GOAL.from) return [];
  const rows = Object.values(series).flatMap((one) => {
    const [first, end] = [at(one, GOAL.from), at(one, last)];
    if (!first || !end) return [[`${one.label}: stopped at ${count(one.steps.at(-1).spans)}`, '', '', '']];
    const said = (share) =>
      last === GOAL.to ? verdict(share, GOAL.share, { least: true }) : 'not at full size';
    return [
      ['rate', end.perSecond / first.perSecond],
      ['work done per CPU second', first.cpuUs / end.cpuUs],
    ].map(([what, share]) => [
      `${one.label}: ${what}`,
      `at least ${GOAL.share}`,
      fixed(share, 2),
      said(share),
    ]);
  });
  return [
    '',
    ...table([[`at ${count(last)} spans / at ${count(GOAL.from)}`, 'goal', 'measured', ''], ...rows]),
  ];
}

function at(one, spans) {
  return one?.steps.find((step) => step.spans === spans);
}

function megabytes(bytes) {
  return fixed(bytes / 1e6, 0);
}
