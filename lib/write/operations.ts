/** The writes as a table: what each takes, where content may be in it, its code on the wire. */
import type { RedactWhere, WriteMethod } from '../../index.js';
import { copyFields, type Fields } from '../check/safe-read.js';
import type { Check, Shape } from '../check/rules.js';
import type { Settings } from '../settings.js';
import { SESSION_ALLOWED, SPAN_ALLOWED, TRACE_ALLOWED, type AllowList } from './capture.js';
import { API_IO, CONFIG_SNAPSHOT, SCORES, SESSION, TAGS, TRACE_END, TRACE_INPUT, TRACE_TOLD } from './document-shapes.js';
import { SPAN, SPAN_CHANGES, SPAN_END, SPAN_START } from './span-shapes.js';
import NAMES from './operations.json';
import { withErrorInfo, withErrorText, withOutputErrorInfo, withOutputErrorText } from './error-info.js';
import { withEventTimes, withExactTime, withExactTimes } from './instants.js';
import type { Placeholders } from './redact.js';

const OMITTED = '[omitted: redact failed]';

/** What a method may take beside its document. */
export type IdName = 'traceId' | 'spanId';

export interface Operation {
  readonly method: WriteMethod;
  /** The number that native code knows the method by: its place in the list that both sides read, from 1. */
  readonly code: number;
  /** What messages call the document. */
  readonly name: string;
  readonly rules: Shape | Check;
  /** What the method takes before the document; nothing where the document itself says whose it is. */
  readonly ids: readonly IdName[];
  /** Where content may be; absent when the document has none. */
  readonly content?: Content;
  /** What may be given in more than one way, in one. */
  readonly unify?: (document: Fields) => Fields;
  /** Fills in what the caller left to the store. */
  readonly complete?: (document: Fields, settings: Settings) => Fields;
  /** What native code must know beside the document. */
  readonly stamp?: () => Fields;
  /** What its promise resolves to where nothing is written: the store is switched off, or the queue drops it. */
  readonly unwritten?: unknown;
}

export interface Content {
  readonly document: RedactWhere['document'];
  readonly rules: Shape;
  /** What stays with `captureContent: false`; absent when all of it does. */
  readonly allowed?: AllowList;
  /** What takes the place of a required field that `redact` failed on. */
  readonly placeholders: Placeholders;
}

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
  }),
};

export const ENSURE_TRACE: Operation = {
  ...operation('ensureTrace', 'trace', TRACE_TOLD),
  content: { document: 'trace', rules: TRACE_TOLD, allowed: TRACE_ALLOWED, placeholders: {} },
  unify: (trace) => withOutputErrorInfo(withExactTime(trace, 'startedAt', 'startedAtNs')),
  complete: (trace, settings) => ({
    ...copyFields(withOutputErrorText(trace)),
    tags: withDefaultTags(trace['tags'] as string[] | undefined, settings.defaultTags),
  }),
  stamp: () => ({ now: Date.now() }),
  unwritten: { version: 0 },
};

export const END_TRACE: Operation = {
  ...operation('endTrace', 'result', TRACE_END, ['traceId']),
  content: { document: 'trace', rules: TRACE_END, allowed: TRACE_ALLOWED, placeholders: {} },
  unify: (result) => withOutputErrorInfo(withExactTime(result, 'completedAt', 'endedAtNs')),
  complete: withOutputErrorText,
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

export const START_SPAN: Operation = {
  ...spanWord('startSpan', 'span', SPAN_START, []),
  complete: (span) => ({ ...copyFields(withErrorText(span)), startedAt: span['startedAt'] ?? new Date() }),
};

export const UPDATE_SPAN = spanWord('updateSpan', 'changes', SPAN_CHANGES, ['traceId', 'spanId']);

export const END_SPAN = spanWord('endSpan', 'end', SPAN_END, ['traceId', 'spanId']);

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

export const SET_TRACE_SCORES: Operation = operation('setTraceScores', 'scores', SCORES, ['traceId']);

export const SET_TRACE_TAGS: Operation = operation('setTraceTags', 'tags', TAGS, ['traceId']);

function operation(
  method: WriteMethod,
  name: string,
  rules: Shape | Check,
  ids: readonly IdName[] = [],
): Operation {
  return { method, code: codeOf(method), name, rules, ids };
}

/** With the time at which it is said: how long a span has been running is told up to the last word about it. */
function withInstants(span: Fields): Fields {
  return withExactTime(withExactTime(span, 'startedAt', 'startedAtNs'), 'endedAt', 'endedAtNs');
}

function spanWord(method: WriteMethod, name: string, rules: Shape, ids: readonly IdName[]): Operation {
  return {
    ...operation(method, name, rules, ids),
    content: { document: 'span', rules, allowed: SPAN_ALLOWED, placeholders: SPAN_PLACEHOLDERS },
    unify: (span) => withErrorInfo(withEventTimes(withInstants(span))),
    complete: withErrorText,
    stamp: () => ({ now: Date.now() }),
    unwritten: { version: 0 },
  };
}

function codeOf(method: WriteMethod): number {
  const at = NAMES.indexOf(method);
  if (at === -1) throw new Error(`${method} is not in operations.json`);
  return at + 1;
}

function withDefaultTags(tags: readonly string[] = [], defaults: readonly string[]): string[] {
  return [...tags, ...defaults.filter((tag) => !tags.includes(tag))];
}
