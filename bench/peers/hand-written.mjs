// The hand-written store on a synchronous driver: prepared statements, transactions of 100 calls.
import { join } from 'node:path';
import { openPeerWriter } from '../shared/peer-writer.mjs';
import { openPeer } from '../shared/stores.mjs';

export async function openHandWritten(folder, driver) {
  const file = join(folder, 'traces.db');
  const writer = await openPeerWriter(file, driver);
  const reader = await openPeer(file, driver);
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
