/** What random calls are made of. */
import type { SpanEventInput, SpanLink } from 'tracestore';
import { at } from '../support.js';
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

/** Quarters, which add up exactly. */
export function usage(random: Random): object {
  const tokens = { input: random.below(9), output: random.below(9) };
  const attributes = { 'gen_ai.usage.prompt_tokens': random.below(9), 'gen_ai.system': 's' };
  return {
    ...random.pick([{ tokens }, { genAiAttributes: attributes }, {}]),
    ...(random.chance(0.6) && {
      cost: { total: random.below(9) / 4, currency: random.pick(['USD', 'USD', 'EUR']) },
    }),
  };
}

/** Few different ones, so that equal ones meet. */
export function someEvents(random: Random): SpanEventInput[] {
  return Array.from({ length: random.below(3) }, () => ({
    name: `e${random.below(2)}`,
    time: at(random.below(3) * 1000),
    ...(random.chance(0.3) && { attributes: { a: content(random) } }),
  }));
}

export function someLinks(random: Random, scope: Scope): SpanLink[] {
  return Array.from({ length: random.below(3) }, () => ({
    to: { traceId: traceId(random, scope) },
    ...(random.chance(0.5) && { type: 'follows_from' }),
    ...(random.chance(0.3) && { attributes: { n: random.below(3) } }),
  }));
}
