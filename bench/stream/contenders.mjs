// Who is told the stream: `open(folder)` answers { prepare(records), write(prepared), spans?(traceId), close() }; write resolves when everything is stored.
import { openHandWritten } from './hand-written.mjs';
import { openOurs, writeAwaited, writeBatches, writePerTick } from './ours.mjs';

const MASTRA_BATCH = 1_000; // the default of its exporter

/** `peer` is what it needs, by its name in `peers/contenders.mjs`. */
export const CONTENDERS = {
  stringify: { label: 'JSON.stringify alone', peer: 'tracestore', open: () => openStringify() },
  'ours-batch': {
    label: 'tracestore, batches of 100',
    peer: 'tracestore',
    open: (folder) => openOurs(folder, writeBatches),
  },
  'ours-tick': {
    label: 'tracestore, one record per tick',
    peer: 'tracestore',
    open: (folder) => openOurs(folder, writePerTick),
  },
  'ours-single': {
    label: 'tracestore, one record awaited after the other',
    peer: 'tracestore',
    open: (folder) => openOurs(folder, writeAwaited),
  },
  'node-sqlite': {
    label: 'node:sqlite by hand, transactions of 100',
    peer: 'node-sqlite',
    open: openHandWritten,
  },
  'mastra-batch': {
    label: "Mastra's LibSQL store, batches of 1,000",
    peer: 'mastra-libsql',
    open: (folder) => openMastra(folder, MASTRA_BATCH),
  },
  'mastra-single': {
    label: "Mastra's LibSQL store, one record awaited after the other",
    peer: 'mastra-libsql',
    open: (folder) => openMastra(folder, 1),
  },
};

let sink = 0; // keeps the compiler from dropping the work

function openStringify() {
  return {
    prepare: (records) => records.map(({ span }) => span),
    write: (spans) => {
      for (const span of spans) sink += JSON.stringify(span).length;
    },
    close: () => sink,
  };
}

async function openMastra(folder, batch) {
  const { open } = await import('../peers/contenders/mastra-libsql.mjs');
  const { live, close } = await open(folder);
  return { ...live(batch), close };
}
