// The hand-written store on node:sqlite: prepared statements, transactions of 100 calls.
import { join } from 'node:path';
import { openPeerWriter } from '../../shared/peer-writer.mjs';
import { openPeer } from '../../shared/stores.mjs';

export async function open(folder) {
  const file = join(folder, 'traces.db');
  const writer = await openPeerWriter(file, 'node:sqlite');
  const reader = await openPeer(file, 'node:sqlite');
  return {
    prepare: (calls) => calls,
    write: (calls) => writer.write(calls),
    conversation: (traceId) => reader.getSpans(traceId).map(({ input }) => input),
    firstPage: (limit) => reader.listTraces({ limit }).traces,
    close: () => {
      reader.close();
      writer.close();
    },
  };
}
