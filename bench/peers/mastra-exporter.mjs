// Mastra's own storage exporter as it comes: it gathers spans and stores them when there are a thousand, or 5 s after the first.
import { setTimeout } from 'node:timers/promises';
import { TracingEventType } from '@mastra/core/observability';
import { MastraStorageExporter } from '@mastra/observability';
import { childSpan } from './mastra.mjs';

const LOOK_AGAIN_MS = 10;

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
  let underWay = 0;
  return {
    add: async (span) => {
      underWay += 1;
      await exporter.exportTracingEvent({
        type: TracingEventType.SPAN_ENDED,
        exportedSpan: childSpan(span),
      });
      underWay -= 1;
    },
    close: async () => {
      await exporter.flush();
      while (underWay > 0) await setTimeout(LOOK_AGAIN_MS);
      if (complaints.length > 0) throw new Error(`Mastra's exporter: ${complaints[0]}`);
    },
  };
}
