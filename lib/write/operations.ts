/** The writes as a table: what each takes, and where content may be in it. */
import type { WriteMethod } from '../../index.js';
import { isId } from '../check/checks.js';
import { copyFields, isObject, read, type Fields } from '../check/safe-read.js';
import type { Shape } from '../check/rules.js';
import { SESSION_ALLOWED, SPAN_ALLOWED, TRACE_ALLOWED } from './allowed.js';
import {
  API_IO,
  CONFIG_SNAPSHOT,
  SCORES,
  SESSION,
  TRACE_END,
  TRACE_INPUT,
  TRACE_TOLD,
} from './document-shapes.js';
import { newId } from './ids.js';
import { operation, type IdName, type Operation } from './operation.js';
import {
  ANNOTATION,
  ANNOTATION_ALLOWED,
  BY_ID,
  LINK,
  LINK_ALLOWED,
  SCORE,
  SCORE_ALLOWED,
  TAG_CHANGES,
} from './said.js';
import { TAGS } from './shape-parts.js';
import { ADDED_EVENTS, SPAN, SPAN_CHANGES, SPAN_END, SPAN_START } from './span-shapes.js';
import { withErrorInfo, withErrorText, withOutputErrorInfo, withOutputErrorText } from './error-info.js';
import { spanOfStep, STEP_INPUT, STEP_OPTIONS } from './step-span.js';
import { withEventTimes, withExactTime, withExactTimes } from './instants.js';
import type { Placeholders } from './redact.js';

const OMITTED = '[omitted: redact failed]';

export const START_TRACE: Operation = {
  ...operation('startTrace', 'trace', TRACE_INPUT),
  content: {
    document: 'trace',
    rules: TRACE_INPUT,
    allowed: TRACE_ALLOWED,
    placeholders: { input: { prompt: OMITTED, parameters: {} } },
  },
  unify: (trace) => withOutputErrorInfo(withExactTime(trace, 'startedAt', 'startedAtNs')),
  complete: (trace, settings) => ({
    ...copyFields(withOutputErrorText(trace)),
    startedAt: trace['startedAt'] ?? new Date(),
    tags: withDefaultTags(trace['tags'] as string[] | undefined, settings.defaultTags),
    ...withScoreIds(trace),
  }),
};

export const ENSURE_TRACE: Operation = {
  ...operation('ensureTrace', 'trace', TRACE_TOLD),
  content: { document: 'trace', rules: TRACE_TOLD, allowed: TRACE_ALLOWED, placeholders: {} },
  unify: (trace) => withOutputErrorInfo(withExactTime(trace, 'startedAt', 'startedAtNs')),
  complete: (trace, settings) => ({
    ...copyFields(withOutputErrorText(trace)),
    tags: withDefaultTags(trace['tags'] as string[] | undefined, settings.defaultTags),
    ...withScoreIds(trace),
  }),
  stamp: () => ({ now: Date.now() }),
  unwritten: unwrittenVersion,
};

export const END_TRACE: Operation = {
  ...operation('endTrace', 'result', TRACE_END, ['traceId']),
  content: { document: 'trace', rules: TRACE_END, allowed: TRACE_ALLOWED, placeholders: {} },
  unify: (result) => withOutputErrorInfo(withExactTime(result, 'completedAt', 'endedAtNs')),
  complete: (result) => ({ ...copyFields(withOutputErrorText(result)), ...withScoreIds(result) }),
  stamp: () => ({ now: Date.now() }),
};

const SPAN_PLACEHOLDERS: Placeholders = {
  'step.content': OMITTED,
  'step.arguments': OMITTED,
  'step.question': OMITTED,
  'step.options': [],
  'step.chosen': OMITTED,
  'step.query': OMITTED,
  'step.message': OMITTED,
  'step.data': OMITTED,
};

export const ADD_SPAN: Operation = {
  ...operation('addSpan', 'span', SPAN),
  content: { document: 'span', rules: SPAN, allowed: SPAN_ALLOWED, placeholders: SPAN_PLACEHOLDERS },
  unify: (span) => withErrorInfo(withEventTimes(withExactTimes(span))),
  complete: withErrorText,
};

export const ADD_STEP: Operation = {
  ...operation('addStep', '', STEP_INPUT),
  options: STEP_OPTIONS,
  content: {
    document: 'span',
    rules: STEP_INPUT,
    allowed: SPAN_ALLOWED,
    placeholders: SPAN_PLACEHOLDERS,
  },
  complete: spanOfStep,
  unwritten: (given) => ({ spanId: idIn(given, 'spanId'), version: 0 }),
};

export const START_SPAN: Operation = {
  ...spanWord('startSpan', 'span', SPAN_START, []),
  complete: (span) => ({ ...copyFields(withErrorText(span)), startedAt: span['startedAt'] ?? new Date() }),
};

export const UPDATE_SPAN = spanWord('updateSpan', 'changes', SPAN_CHANGES, ['traceId', 'spanId']);

export const END_SPAN = spanWord('endSpan', 'end', SPAN_END, ['traceId', 'spanId']);

export const ADD_EVENTS: Operation = {
  ...operation('addEvents', '', ADDED_EVENTS),
  content: { document: 'span', rules: ADDED_EVENTS, allowed: SPAN_ALLOWED, placeholders: { events: [] } },
  unify: withEventTimes,
  complete: (added) => ({ ...added, now: Date.now() }),
  unwritten: unwrittenVersion,
};

export const SET_API_IO: Operation = {
  ...operation('setApiIO', 'io', API_IO, ['traceId']),
  content: { document: 'trace', rules: API_IO, allowed: TRACE_ALLOWED, placeholders: {} },
};

export const UPSERT_SESSION: Operation = {
  ...operation('upsertSession', 'session', SESSION),
  content: { document: 'session', rules: SESSION, allowed: SESSION_ALLOWED, placeholders: {} },
};

export const ENSURE_CONFIG_SNAPSHOT: Operation = {
  ...operation('ensureConfigSnapshot', 'snapshot', CONFIG_SNAPSHOT),
  content: { document: 'configSnapshot', rules: CONFIG_SNAPSHOT, placeholders: { prompts: {} } },
};

export const SET_TRACE_SCORES: Operation = {
  ...operation('setTraceScores', 'scores', SCORES, ['traceId']),
  complete: scoresWithIds,
};

export const SET_TRACE_TAGS: Operation = operation('setTraceTags', 'tags', TAGS, ['traceId']);

export const UPDATE_TRACE_TAGS: Operation = {
  ...operation('updateTraceTags', 'changes', TAG_CHANGES, ['traceId']),
  unwritten: unwrittenVersion,
};

export const UPDATE_SPAN_TAGS: Operation = {
  ...operation('updateSpanTags', 'changes', TAG_CHANGES, ['traceId', 'spanId']),
  unwritten: unwrittenVersion,
};

export const ADD_SCORE: Operation = {
  ...operation('addScore', 'score', SCORE),
  tells: ['traceId', 'spanId', 'id'],
  content: { document: 'score', rules: SCORE, allowed: SCORE_ALLOWED, placeholders: {} },
  complete: (score) => ({ ...copyFields(score), id: score['id'] ?? newId() }),
  unwritten: unwrittenId,
};

export const DELETE_SCORE: Operation = {
  ...operation('deleteScore', '', BY_ID),
  tells: ['id'],
  unwritten: (given) => ({ id: unwrittenId(given).id, deleted: false }),
};

export const ADD_ANNOTATION: Operation = {
  ...operation('addAnnotation', 'annotation', ANNOTATION),
  content: {
    document: 'annotation',
    rules: ANNOTATION,
    allowed: ANNOTATION_ALLOWED,
    placeholders: { value: OMITTED },
  },
  complete: (annotation) => ({ ...copyFields(annotation), id: newId() }),
  unwritten: unwrittenId,
};

export const DELETE_ANNOTATION: Operation = {
  ...operation('deleteAnnotation', '', BY_ID),
  tells: ['id'],
  unwritten: (given) => ({ id: unwrittenId(given).id, deleted: false }),
};

/** Comes in batches only. */
export const ADD_LINK: Operation = {
  ...operation('addLinks', 'link', LINK, [], 'addLink'),
  content: { document: 'link', rules: LINK, allowed: LINK_ALLOWED, placeholders: {} },
};

/** With the time at which it is said: how long a span has been running is told up to the last word about it. */
function spanWord(method: WriteMethod, name: string, rules: Shape, ids: readonly IdName[]): Operation {
  return {
    ...operation(method, name, rules, ids),
    content: { document: 'span', rules, allowed: SPAN_ALLOWED, placeholders: SPAN_PLACEHOLDERS },
    unify: (span) => withErrorInfo(withEventTimes(withInstants(span))),
    complete: withErrorText,
    stamp: () => ({ now: Date.now() }),
    unwritten: unwrittenVersion,
  };
}

function withInstants(span: Fields): Fields {
  return withExactTime(withExactTime(span, 'startedAt', 'startedAtNs'), 'endedAt', 'endedAtNs');
}

/** Each score of the contract's map is one of its own, with an id. */
function scoresWithIds(scores: Fields): unknown {
  return Object.keys(scores).map((name) => [newId(), name.toWellFormed(), scores[name]]);
}

function withScoreIds({ scores }: Fields): Fields {
  if (scores === undefined) return {};
  return { scores: scores === null ? null : scoresWithIds(scores as Fields) };
}

function unwrittenVersion(): { version: number } {
  return { version: 0 };
}

function unwrittenId(document: unknown): { id: string; version: number } {
  return { id: idIn(document, 'id'), version: 0 };
}

/** As it was given, or a new one. */
function idIn(document: unknown, key: string): string {
  const id = isObject(document) ? read(document, key) : undefined;
  return isId(id) ? id : newId();
}

function withDefaultTags(tags: readonly string[] = [], defaults: readonly string[]): string[] {
  return [...tags, ...defaults.filter((tag) => !tags.includes(tag))];
}
