/** What random calls are made of. */
import type { Call } from './model.js';
import type { Random } from './random.js';

/** Whose documents the calls are about. */
export interface Scope {
  /** Before every id. */
  prefix: string;
  /** Of every list; a call without says everything. */
  filter?: { agentName: string; userId: number };
}

/** What is called, of whatever tenant. */
export type Made = Omit<Call, 'tenant'>;

export type Make = (random: Random, scope: Scope) => Made;

export const TAGS = ['red', 'green', 'blue'];

export function call(method: string, ...args: unknown[]): Made {
  return { method, args };
}

export const id = (kind: string, many: number) => (random: Random, scope: Scope) =>
  `${scope.prefix}${kind}${random.below(many)}`;
export const traceId = id('trace', 5);

/** Also long enough to be stored as a piece, which others share and a rewrite lets go of. */
export function content(random: Random): unknown {
  const n = random.below(5);
  return random.pick<unknown>([
    n,
    `${n} `.repeat(200),
    { role: 'user', content: `${n}`.repeat(90) },
    [1, { two: `${n}` }, []],
  ]);
}
