// What every contender stores: whole traces with their spans, in the order in which agents would make them.
import { copies, readConversations } from '../shared/corpus.mjs';

/** Some copies of what all contenders know. */
export function readCalls(data, wanted) {
  const once = commonCalls(readConversations(data));
  const endless = copies(once);
  return Array.from({ length: once.length * wanted }, () => endless.next().value);
}

/** Only what all contenders know: `startTrace`, `addSpan` and the last `endTrace` of a trace; sessions, scores and snapshots are left out. */
export function commonCalls(conversations) {
  const kept = conversations.filter(({ op }) => KEPT.has(op));
  const ends = new Map(kept.flatMap(({ op, args }, i) => (op === 'endTrace' ? [[args.traceId, i]] : [])));
  return kept.filter(({ op, args }, i) => op !== 'endTrace' || ends.get(args.traceId) === i);
}

const KEPT = new Set(['startTrace', 'addSpan', 'endTrace']);

/** The same by trace: `{ trace, result, spans }`, in the order in which they end. */
export function tracesOf(calls) {
  const open = new Map();
  const ended = [];
  for (const { op, args } of calls) {
    if (op === 'startTrace') open.set(args.trace.traceId, { trace: args.trace, spans: [] });
    if (op === 'addSpan') open.get(args.span.traceId).spans.push(args.span);
    if (op === 'endTrace') ended.push({ ...open.get(args.traceId), result: args.result });
  }
  return ended;
}

/** The trace whose spans are the longest as JSON. */
export function longestTrace(calls) {
  let longest = { bytes: 0 };
  for (const { trace, spans } of tracesOf(calls)) {
    const bytes = spans.reduce((sum, span) => sum + JSON.stringify(span).length, 0);
    if (bytes > longest.bytes) longest = { bytes, traceId: trace.traceId, spans };
  }
  return longest;
}

export function* batches(items, size) {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}
