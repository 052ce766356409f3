// The stores that grow: their contender, and what a span takes of the disk and of the machine of RESULTS.md.
import { CONTENDERS } from '../peers/contenders.mjs';

const OURS = { label: 'tracestore', contender: 'tracestore', bytes: 1_500, perSecond: 3_000 };
const HAND_WRITTEN = { bytes: 13_000, perSecond: 4_500 };

/** `bytes` with the log, `perSecond` with making the data. */
export const STORES = {
  ours: OURS,
  peer: { label: 'better-sqlite3', contender: 'better-sqlite3', ...HAND_WRITTEN },
};

/** Under the Node of peers/package.json. */
export const NEWER_STORES = {
  ours: OURS,
  'node-sqlite': of('node-sqlite', HAND_WRITTEN),
  'mastra-libsql': of('mastra-libsql', { bytes: 15_000, perSecond: 3_000 }),
  'mastra-duckdb': of('mastra-duckdb', { bytes: 40_000, perSecond: 900 }),
};

function of(contender, taken) {
  return { label: CONTENDERS[contender].name, contender, ...taken };
}
