// The hand-written store on better-sqlite3, which bench/ installs for the Node that runs it: for `growth` without a newer Node.
import { openHandWritten } from '../hand-written.mjs';

export function open(folder) {
  return openHandWritten(folder, 'better-sqlite3');
}
