/** The ways of `children/exit.mjs` to end a process, and how each must show outside. */
import { expect } from 'vitest';
import type { Outcome } from './child.js';

type End = Pick<Outcome, 'code' | 'signal' | 'stderr'>;

const clean = (code: number): End => ({ code, signal: null, stderr: '' });
/** Node itself reports these. */
const reported = (message: string): End => ({
  code: 1,
  signal: null,
  stderr: expect.stringContaining(message) as string,
});

export const EXIT_WAYS: Array<[way: string, end: End]> = [
  ['the loop runs empty', clean(0)],
  ['the loop runs empty, with an exit code', clean(3)],
  ['process.exit at once', clean(3)],
  ['process.exit in a microtask', clean(3)],
  ['process.exit in nextTick', clean(3)],
  ['process.exit in a later tick', clean(3)],
  ['process.exit after writes over several ticks', clean(3)],
  ['process.exit from beforeExit', clean(3)],
  ['process.exit from an earlier exit listener', clean(3)],
  ['process.exit from a later exit listener', clean(3)],
  ['process.exit at once, and again from an earlier exit listener', clean(3)],
  ['process.exit at once, and again from a later exit listener', clean(3)],
  ['writes in an earlier exit listener', clean(0)],
  ['writes in an earlier exit listener, then process.exit', clean(3)],
  ['writes in a later exit listener', clean(0)],
  ['writes in a later exit listener, then process.exit', clean(3)],
  ['an uncaught exception that a handler turns into process.exit', clean(3)],
  ['process.reallyExit in a later tick', clean(3)],
  ['SIGTERM with a handler that awaits flush', { code: null, signal: 'SIGTERM', stderr: '' }],
  ['an uncaught exception', reported('uncaught on purpose')],
  ['an uncaught exception in a later tick', reported('uncaught on purpose')],
  ['a rejected promise', reported('rejected on purpose')],
];
