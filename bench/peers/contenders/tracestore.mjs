// tracestore: 100 calls at once, then all of them awaited.
import { join } from 'node:path';
import { openOurs } from '../../shared/stores.mjs';
import { batches } from '../work.mjs';

const BATCH = 100;

export function open(folder) {
  const store = openOurs(join(folder, 'traces.db'));
  return {
    prepare: (calls) => [...batches(calls, BATCH)],
    write: async (prepared) => {
      for (const batch of prepared)
        await Promise.all(batch.map(({ op, args }) => store[op](...Object.values(args))));
    },
    conversation: async (traceId) => (await store.getSpans(traceId)).map(({ input }) => input),
    firstPage: async (limit) => (await store.listTraces({ limit })).traces,
    close: async () => {
      const { failedWrites } = await store.info();
      await store.close();
      if (failedWrites > 0) throw new Error(`tracestore: ${failedWrites} writes failed`);
    },
  };
}
