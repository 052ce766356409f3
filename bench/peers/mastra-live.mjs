// Mastra's store as its own exporter calls it while spans run: created when they start, and updated by the whole span at every later record.
import { buildCreateSpanRecord, buildUpdateSpanRecord } from '@mastra/core/storage';
import { TYPES } from './mastra-spans.mjs';
import { batches } from './work.mjs';

/** `batch`: how many records the exporter gathers: 1,000 by default, 1 with its strategy `realtime`. The records are made before the clock runs. */
export function openLive(traces, batch) {
  return {
    prepare: (records) => Array.from(batches(records, batch), flushOf),
    write: async (flushes) => {
      for (const { creates, updates, ends } of flushes) {
        if (creates.length > 0) await traces.batchCreateSpans({ records: creates });
        if (updates.length > 0) await traces.batchUpdateSpans({ records: updates });
        if (ends.length > 0) await traces.batchUpdateSpans({ records: ends });
      }
    },
    spans: async (traceId) => (await traces.getTrace({ traceId })).spans.map(asTold),
  };
}

/** The exporter's order: first all creations, then updates, then ends. */
function flushOf(records) {
  const spans = (wanted) => records.filter(({ what }) => what === wanted).map(({ span }) => asExported(span));
  return {
    creates: spans('start').map((span) => buildCreateSpanRecord(span)),
    updates: spans('update').map(asUpdate),
    ends: spans('end').map(asUpdate),
  };
}

function asUpdate(span) {
  return { traceId: span.traceId, spanId: span.id, updates: buildUpdateSpanRecord(span) };
}

/** As Mastra's tracer hands it to exporters. */
function asExported({ spanId, kind, startedAt, endedAt, error, ...told }) {
  return {
    ...told,
    id: spanId,
    type: TYPES[kind] ?? 'generic',
    isEvent: false,
    isRootSpan: told.parentSpanId === undefined,
    startTime: startedAt,
    endTime: endedAt,
    errorInfo: error === undefined ? undefined : { message: error },
  };
}

function asTold({ spanId, name, input, output, attributes, metadata, error, startedAt, endedAt }) {
  return { spanId, name, input, output, attributes, metadata, error: error?.message, startedAt, endedAt };
}
