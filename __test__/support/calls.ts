/** Random calls on few ids, so that they meet, with contents from a small pool, so that documents share parts. */
import { at, session, snapshot, span, trace } from '../support.js';
import type { Call } from './model.js';
import type { Random } from './random.js';

/** Whose documents the calls are about. */
export interface Scope {
  /** Before every id. */
  prefix: string;
  /** Of every list; a call without says everything. */
  filter?: { agentName: string; userId: number };
}

type Make = (random: Random, scope: Scope) => Call;

const TAGS = ['red', 'green', 'blue'];

/** How often each comes up, of all. */
const CALLS: Array<[weight: number, make: Make]> = [
  [6, (random, scope) => call('startTrace', newTrace(random, scope))],
  [6, (random, scope) => call('endTrace', traceId(random, scope), end(random))],
  [12, (random, scope) => call('addSpan', newSpan(random, scope))],
  [2, (random, scope) => call('setApiIO', traceId(random, scope), apiIO(random))],
  [
    2,
    (random, scope) =>
      call('setTraceScores', traceId(random, scope), { [`s${random.below(3)}`]: random.below(9) }),
  ],
  [2, (random, scope) => call('setTraceTags', traceId(random, scope), random.some(TAGS))],
  [
    1,
    (random, scope) =>
      call('setTraceTags', traceId(random, scope), random.some(TAGS), { ifVersion: random.below(3) }),
  ],
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
  [4, (random, scope) => call('upsertSession', newSession(random, scope))],
  [2, (random, scope) => call('ensureConfigSnapshot', newSnapshot(random, scope))],
  [3, (random, scope) => call('getTrace', traceId(random, scope))],
  [3, (random, scope) => call('getSpans', traceId(random, scope))],
  [2, (random, scope) => call('getSession', sessionId(random, scope))],
  [1, (random, scope) => call('getConfigSnapshot', snapshotId(random, scope))],
  [3, (random, scope) => call('listTraces', { ...traceFilter(random, scope), ...place(random) })],
  [2, (random, scope) => call('listSessions', { ...sessionFilter(random, scope), ...place(random) })],
  [
    2,
    (random, scope) =>
      call('walk', 'listTraces', { ...traceFilter(random, scope), limit: 1 + random.below(4) }),
  ],
  [
    1,
    (random, scope) =>
      call('walk', 'listSessions', { ...sessionFilter(random, scope), limit: 1 + random.below(4) }),
  ],
  [1, () => call('checkLists')],
  [1, () => call('reopen')],
];

const BAG = CALLS.flatMap(([weight, make]) => Array.from({ length: weight }, () => make));

export function randomCall(random: Random, scope: Scope): Call {
  return random.pick(BAG)(random, scope);
}

function call(method: string, ...args: unknown[]): Call {
  return { method, args };
}

const id = (kind: string, many: number) => (random: Random, scope: Scope) =>
  `${scope.prefix}${kind}${random.below(many)}`;
const traceId = id('trace', 5);
const sessionId = id('session', 3);
const snapshotId = id('config', 3);
const scoreId = id('score', 6);

function newTrace(random: Random, scope: Scope): object {
  return trace({
    traceId: traceId(random, scope),
    agentName: scope.filter?.agentName ?? random.pick(['planner', 'writer']),
    userId: scope.filter?.userId ?? random.below(3),
    ...(random.chance(0.6) && { sessionId: sessionId(random, scope) }),
    startedAt: at(random.below(4) * 1000),
    tags: random.some(TAGS),
    input: { prompt: 'p', parameters: { content: content(random) } },
    ...(random.chance(0.5) && { metadata: { m: content(random) } }),
  });
}

function end(random: Random): object {
  return {
    status: random.pick(['completed', 'failed', 'timeout']),
    completedAt: at(random.below(6) * 1000),
    ...(random.chance(0.3) && { durationMs: random.below(5000) / 2 }),
    ...(random.chance(0.6) && { output: random.pick([{ success: true, data: content(random) }, null]) }),
    ...(random.chance(0.4) && { tags: random.pick([random.some(TAGS), null]) }),
    ...(random.chance(0.4) && {
      metadata: random.pick([{ [`k${random.below(2)}`]: content(random) }, null]),
    }),
    ...(random.chance(0.3) && { scores: random.pick([{ [`s${random.below(3)}`]: random.next() }, null]) }),
    ...(random.chance(0.3) && { apiOutput: content(random) }),
  };
}

function newSpan(random: Random, scope: Scope): object {
  return span({
    traceId: traceId(random, scope),
    spanId: `span${random.below(5)}`,
    ...(random.chance(0.6) && { parentSpanId: `span${random.below(6)}` }),
    startedAt: at(random.below(4) * 1000),
    durationMs: random.below(100) / 4,
    input: { messages: Array.from({ length: random.below(5) }, () => content(random)) },
    ...(random.chance(0.5) && { output: content(random) }),
  });
}

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

function apiIO(random: Random): object {
  return {
    ...(random.chance(0.6) && { apiInput: content(random) }),
    ...(random.chance(0.6) && { apiOutput: content(random) }),
  };
}

function newSession(random: Random, scope: Scope): object {
  return session({
    sessionId: sessionId(random, scope),
    userId: scope.filter?.userId ?? random.below(3),
    createdAt: at(random.below(4) * 1000),
    updatedAt: at(random.below(6) * 1000),
    traceCount: random.below(3),
    tags: random.some(TAGS),
    ...(random.chance(0.5) && { metadata: { [`k${random.below(2)}`]: content(random) } }),
  });
}

function newSnapshot(random: Random, scope: Scope): object {
  return snapshot({
    snapshotId: snapshotId(random, scope),
    prompts: { system: `Be ${random.below(3)}. `.repeat(60) },
  });
}

function traceFilter(random: Random, scope: Scope): object {
  return {
    ...(random.chance(0.3) && { agentName: random.pick(['planner', 'writer']) }),
    ...(random.chance(0.3) && { userId: random.below(3) }),
    ...scope.filter,
    ...(random.chance(0.3) && { sessionId: sessionId(random, scope) }),
    ...(random.chance(0.3) && { status: random.pick(['running', 'completed', 'failed']) }),
    ...(random.chance(0.3) && { tags: random.some(TAGS) }),
    ...(random.chance(0.2) && { after: at(random.below(4) * 1000) }),
    ...(random.chance(0.2) && { before: at(random.below(5) * 1000) }),
  };
}

function sessionFilter(random: Random, scope: Scope): object {
  return {
    ...(random.chance(0.4) && { userId: random.below(3) }),
    ...(scope.filter && { userId: scope.filter.userId }),
    ...(random.chance(0.4) && { tags: random.some(TAGS) }),
  };
}

function place(random: Random): object {
  return {
    ...(random.chance(0.6) && { limit: random.below(5) }),
    ...(random.chance(0.4) && { offset: random.below(3) }),
  };
}

/** Also long enough to be stored as a piece, which others share and a rewrite lets go of. */
function content(random: Random): unknown {
  const n = random.below(5);
  return random.pick<unknown>([
    n,
    `${n} `.repeat(200),
    { role: 'user', content: `${n}`.repeat(90) },
    [1, { two: `${n}` }, []],
  ]);
}
