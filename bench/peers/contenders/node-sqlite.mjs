// The hand-written store on node:sqlite.
import { openHandWritten } from '../hand-written.mjs';

export function open(folder) {
  return openHandWritten(folder, 'node:sqlite');
}
