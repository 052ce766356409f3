// Mastra's own storage exporter as it comes: it gathers spans and stores them when there are a thousand, or 5 s after the first.
import { TracingEventType } from '@mastra/core/observability';
import { MastraStorageExporter } from '@mastra/observability';
import { childSpan } from './mastra-spans.mjs';

/** Where the store can, each span is stored once, when it has ended: by default LibSQL's are stored when they start and updated at the end. */
export async function openExporter(store, traces) {
  const once = traces.observabilityStrategy.supported.includes('insert-only');
  const complaints = [];
  const logger = {
    debug: () => {},
    info: () => {},
    warn: (text) => complaints.push(text),
    error: (text) => complaints.push(text),
  };
  const exporter = new MastraStorageExporter({ strategy: once ? 'insert-only' : 'auto', logger });
  await exporter.init({ mastra: { getStorage: () => store } });
  const underWay = new Set();
  return {
    add: async (span) => {
      const event = { type: TracingEventType.SPAN_ENDED, exportedSpan: childSpan(span) };
      const exported = exporter.exportTracingEvent(event);
      underWay.add(exported);
      await exported;
      underWay.delete(exported);
    },
    close: async () => {
      await Promise.all(underWay); // a span is in its buffer some promises later
      await exporter.flush();
      if (complaints.length > 0) throw new Error(`Mastra's exporter: ${complaints[0]}`);
    },
  };
}
