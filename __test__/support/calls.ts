/** Random calls on few ids, so that they meet, with contents from a small pool, so that documents share parts. */
import { at, session, snapshot, span, trace, without } from '../support.js';
import {
  call,
  content,
  id,
  someEvents,
  someLinks,
  TAGS,
  traceId,
  usage,
  type Make,
  type Scope,
} from './call-parts.js';
import type { Call } from './model.js';
import { SAID_CALLS } from './calls-said.js';
import type { Random } from './random.js';

export const TENANTS = ['', 'acme', 'é'];

/** How often each comes up, of all. */
const CALLS: Array<[weight: number, make: Make]> = [
  [6, (random, scope) => call('startTrace', newTrace(random, scope))],
  [3, (random, scope) => call('ensureTrace', someOfTrace(random, scope))],
  [6, (random, scope) => call('endTrace', traceId(random, scope), end(random))],
  [12, (random, scope) => call('addSpan', newSpan(random, scope))],
  [2, (random, scope) => call('addStep', traceId(random, scope), newStep(random), stepTold(random))],
  [6, (random, scope) => call('startSpan', without(without(newSpan(random, scope), 'status'), 'durationMs'))],
  [8, (random, scope) => call('updateSpan', traceId(random, scope), spanId(random), changes(random, scope))],
  [6, (random, scope) => call('endSpan', traceId(random, scope), spanId(random), spanEnd(random, scope))],
  [4, (random, scope) => call('addEvents', traceId(random, scope), spanId(random), someEvents(random))],
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
  ...SAID_CALLS,
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
  return { tenant: random.pick(TENANTS), ...random.pick(BAG)(random, scope) };
}

const spanId = (random: Random) => `span${random.below(5)}`;
const sessionId = id('session', 3);
const snapshotId = id('config', 3);
const endUserId = (random: Random) => random.pick(['ann', 'bob']);

function newTrace(random: Random, scope: Scope): object {
  return trace({
    traceId: traceId(random, scope),
    agentName: scope.filter?.agentName ?? random.pick(['planner', 'writer']),
    userId: scope.filter?.userId ?? random.below(3),
    ...(random.chance(0.6) && { sessionId: sessionId(random, scope) }),
    ...(random.chance(0.4) && { endUserId: endUserId(random) }),
    startedAt: at(random.below(4) * 1000),
    tags: random.some(TAGS),
    input: { prompt: 'p', parameters: { content: content(random) } },
    ...(random.chance(0.5) && { metadata: { m: content(random) } }),
  });
}

/** With a start: without one and without spans it would be the moment of the call. */
function someOfTrace(random: Random, scope: Scope): object {
  const whole = newTrace(random, scope) as Record<string, unknown>;
  const { traceId: of, startedAt, tags, ...fields } = whole;
  const some = Object.entries(fields).filter(() => random.chance(0.5));
  return { traceId: of, startedAt, tags, ...Object.fromEntries(some) };
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
    ...(random.chance(0.2) && { tokens: random.pick([{ input: 1, output: 2, total: 3 }, null]) }),
    ...(random.chance(0.2) && { cost: random.pick([{ total: 1, currency: 'USD' }, null]) }),
  };
}

function newSpan(random: Random, scope: Scope): object {
  return span({
    traceId: traceId(random, scope),
    spanId: spanId(random),
    ...(random.chance(0.6) && { parentSpanId: `span${random.below(6)}` }),
    ...(random.chance(0.2) && { sessionId: sessionId(random, scope) }),
    ...(random.chance(0.2) && { endUserId: endUserId(random) }),
    ...(random.chance(0.3) && { genAiAttributes: { 'gen_ai.request.model': random.pick(['m', 'n']) } }),
    ...(random.chance(0.2) && { status: 'error' }),
    ...(random.chance(0.4) && { kind: 'llm', ...usage(random) }),
    ...(random.chance(0.2) && { events: someEvents(random) }),
    ...(random.chance(0.2) && { links: someLinks(random, scope) }),
    startedAt: at(random.below(4) * 1000),
    durationMs: random.below(100) / 4,
    input: { messages: Array.from({ length: random.below(5) }, () => content(random)) },
    ...(random.chance(0.5) && { output: content(random) }),
  });
}

function newStep(random: Random): object {
  return random.pick<object>([
    { type: 'thought', content: `thought ${random.below(3)}` },
    { type: 'tool_call', toolName: 'tool', arguments: content(random), durationMs: random.below(9) },
    { type: 'error', errorType: 'E', message: 'it failed', recoverable: true },
  ]);
}

function stepTold(random: Random): object {
  return {
    spanId: spanId(random),
    startedAt: at(random.below(4) * 1000),
    ...(random.chance(0.6) && { parentSpanId: `span${random.below(6)}` }),
    ...(random.chance(0.3) && { durationMs: random.below(9) }),
    ...(random.chance(0.3) && { tags: random.some(TAGS) }),
    ...(random.chance(0.3) && { metadata: { m: content(random) } }),
  };
}

function changes(random: Random, scope: Scope): object {
  return {
    ...(random.chance(0.2) && usage(random)),
    ...(random.chance(0.5) && { output: random.pick([content(random), null]) }),
    ...(random.chance(0.2) && { input: content(random) }),
    ...(random.chance(0.15) && { events: random.pick([someEvents(random), null]) }),
    ...(random.chance(0.15) && { links: random.pick([someLinks(random, scope), null]) }),
    ...(random.chance(0.4) && {
      metadata: random.pick([{ [`k${random.below(2)}`]: content(random) }, {}, null]),
    }),
    ...(random.chance(0.2) && { name: random.pick(['renamed', 'again']), kind: 'tool' }),
    ...(random.chance(0.1) && { startedAt: at(random.below(4) * 1000) }),
    ...(random.chance(0.1) && { error: 'it failed', status: 'error' }),
  };
}

function spanEnd(random: Random, scope: Scope): object {
  return {
    ...changes(random, scope),
    endedAt: at(random.below(6) * 1000),
    ...(random.chance(0.2) && { durationMs: random.below(100) / 4 }),
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
    ...(random.chance(0.4) && { endUserId: endUserId(random) }),
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
    ...(random.chance(0.15) && { endUserId: endUserId(random) }),
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
    ...(random.chance(0.2) && { endUserId: endUserId(random) }),
    ...(random.chance(0.4) && { tags: random.some(TAGS) }),
  };
}

function place(random: Random): object {
  return {
    ...(random.chance(0.6) && { limit: random.below(5) }),
    ...(random.chance(0.4) && { offset: random.below(3) }),
  };
}
