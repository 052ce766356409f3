// Either of Mastra's stores, called as Mastra's own storage exporter calls it: spans that have ended become records, a thousand are awaited at a time.
import { buildCreateSpanRecord } from '@mastra/core/storage';
import { openLive } from './mastra-live.mjs';
import { exported } from './mastra-spans.mjs';
import { batches } from './work.mjs';

const BATCH = 1_000; // the exporter's default
const LARGEST_PAGE = 100; // listTraces refuses more
/** One record per span: the exporter's default mode for LibSQL would also update each span that it has created. */
export async function openMastra(store) {
  await store.init();
  const traces = await store.getStore('observability');
  const running = new Map();
  return {
    prepare: (calls) => [
      ...batches(
        calls.flatMap((call) => exported(call, running)),
        BATCH,
      ),
    ],
    write: async (prepared) => {
      for (const batch of prepared)
        await traces.batchCreateSpans({ records: batch.map((span) => buildCreateSpanRecord(span)) });
    },
    conversation: async (traceId) => {
      const { spans } = await traces.getTrace({ traceId });
      return spans.filter(({ parentSpanId }) => parentSpanId).map(({ input }) => input);
    },
    firstPage: async (limit) => {
      const perPage = Math.min(limit, LARGEST_PAGE);
      const found = [];
      for (let page = 0; page * perPage < limit; page += 1)
        found.push(...(await traces.listTraces({ pagination: { page, perPage } })).spans);
      return found;
    },
    live: (batch) => openLive(traces, batch),
    exporter: async () => {
      const { openExporter } = await import('./mastra-exporter.mjs');
      return openExporter(store, traces);
    },
    close: () => store.close(),
  };
}
