// tracestore, told a span's start, updates and end by the methods for running spans.
/* oxlint-disable no-await-in-loop -- one after the other is the point */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { batches } from '../peers/work.mjs';
import { openOurs as openStore } from '../shared/stores.mjs';

const BATCH = 100;

export function openOurs(folder, write) {
  const store = openStore(join(folder, 'traces.db'));
  return {
    prepare: (records) => records.map(({ what, span }) => CALLS[what](span)),
    write: (calls) => write(store, calls),
    spans: async (traceId) => (await store.getSpans(traceId)).map(asTold),
    close: async () => {
      const { failedWrites } = await store.info();
      await store.close();
      if (failedWrites > 0) throw new Error(`tracestore: ${failedWrites} writes failed`);
    },
  };
}

export async function writeBatches(store, calls) {
  for (const batch of batches(calls, BATCH))
    await Promise.all(batch.map(({ method, args }) => store[method](...args)));
}

export async function writeAwaited(store, calls) {
  for (const { method, args } of calls) await store[method](...args);
}

export async function writePerTick(store, calls) {
  for (const { method, args } of calls) {
    void store[method](...args);
    await setImmediate();
  }
  await store.flush();
}

/** An update gives all that is known, as the other stores are told it. */
const CALLS = {
  start: (span) => ({ method: 'startSpan', args: [{ ...span, endUserId: span.metadata.userId }] }),
  update: (span) => ({ method: 'updateSpan', args: [span.traceId, span.spanId, changesOf(span)] }),
  end: (span) => ({
    method: 'endSpan',
    args: [span.traceId, span.spanId, { ...changesOf(span), ...errorOf(span), endedAt: span.endedAt }],
  }),
};

function changesOf({ name, input, output, attributes, metadata }) {
  return { name, input, output, attributes, metadata };
}

function errorOf({ error }) {
  return error === undefined ? {} : { errorInfo: { message: error } };
}

function asTold({
  spanId,
  state,
  name,
  input,
  output,
  attributes,
  metadata,
  errorInfo,
  startedAt,
  durationMs,
}) {
  const endedAt = state === undefined ? new Date(startedAt.getTime() + durationMs) : undefined;
  const error = errorInfo?.message;
  return { spanId, name, input, output, attributes, metadata, error, startedAt, endedAt };
}
