/** `tracestore/vitest`, a setup file: vitest stops its forks by SIGTERM, and to exit instead of dying commits what waits. */
import { isMainThread } from 'node:worker_threads';

const SIGTERM_EXIT_CODE = 143;

// Who listens besides us decides what the signal means.
function exitUnlessOthersListen(): void {
  if (process.listenerCount('SIGTERM') === 0) process.exit(SIGTERM_EXIT_CODE);
}

if (isMainThread) process.once('SIGTERM', exitUnlessOthersListen);
