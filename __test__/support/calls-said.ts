/** Random calls that say something of traces and spans, which may be there or not. */
import { call, content, id, TAGS, traceId, type Make, type Scope } from './call-parts.js';
import type { Random } from './random.js';

const scoreId = id('score', 6);

/** How often each comes up, beside the others. */
export const SAID_CALLS: Array<[weight: number, make: Make]> = [
  [2, (random, scope) => call('updateTraceTags', traceId(random, scope), tagChanges(random))],
  [
    2,
    (random, scope) =>
      call('updateSpanTags', traceId(random, scope), `span${random.below(5)}`, tagChanges(random)),
  ],
  [5, (random, scope) => call('addScore', newScore(random, scope))],
  [2, (random, scope) => call('deleteScore', scoreId(random, scope))],
  [2, (random, scope) => call('scores', scoreFilter(random, scope))],
  [
    3,
    (random, scope) =>
      call('annotate', {
        ...about(random, scope),
        identifier: `note${random.below(3)}`,
        value: content(random),
      }),
  ],
  [1, (random, scope) => call('annotations', traceId(random, scope))],
  [1, (random, scope) => call('annotations', traceId(random, scope), `span${random.below(5)}`)],
  [2, (random, scope) => call('addLinks', [newLink(random, scope), newLink(random, scope)])],
  [2, (random, scope) => call('links', about(random, scope))],
  [2, (random, scope) => call('versionOf', traceId(random, scope))],
];

/** A trace, or a span of it that may not be there. */
function about(random: Random, scope: Scope): object {
  const spanId = `span${random.below(5)}`;
  return { traceId: traceId(random, scope), ...(random.chance(0.4) && { spanId }) };
}

function tagChanges(random: Random): object {
  return {
    ...(random.chance(0.7) && { add: random.some(TAGS) }),
    ...(random.chance(0.7) && { remove: random.some(TAGS) }),
  };
}

function newScore(random: Random, scope: Scope): object {
  return {
    ...about(random, scope),
    id: scoreId(random, scope),
    name: `s${random.below(3)}`,
    ...(random.chance(0.8) && { value: random.below(9) }),
    ...(random.chance(0.3) && { label: random.pick(['good', 'bad']) }),
    ...(random.chance(0.3) && { reason: `Because of ${random.below(3)}. `.repeat(40) }),
  };
}

/** Always of a trace: others have scores in the same file. */
function scoreFilter(random: Random, scope: Scope): object {
  return {
    traceId: traceId(random, scope),
    ...(random.chance(0.3) && { name: `s${random.below(3)}` }),
    ...(random.chance(0.2) && { label: 'good' }),
    ...(random.chance(0.2) && { minValue: random.below(9) }),
    ...(random.chance(0.2) && { maxValue: random.below(9) }),
  };
}

function newLink(random: Random, scope: Scope): object {
  return {
    from: about(random, scope),
    to: about(random, scope),
    type: 'follows_from',
    ...(random.chance(0.5) && { attributes: { n: random.below(3) } }),
  };
}
