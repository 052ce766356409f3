/** The writes as a table: what each takes, where content may be in it, its code on the wire. */
import type { RedactWhere, WriteMethod } from '../index.js';
import { SESSION_ALLOWED, SPAN_ALLOWED, TRACE_ALLOWED, type AllowList } from './capture.js';
import { ID, nested, required } from './checks.js';
import { API_IO, CONFIG_SNAPSHOT, SCORES, SESSION, SPAN, TAGS, TRACE_END, TRACE_INPUT } from './documents.js';
import type { Fields } from './objects.js';
import type { Settings } from './options.js';
import type { Placeholders } from './redact.js';
import { shape, type Shape } from './validate.js';

export interface Operation {
  readonly method: WriteMethod;
  /** The number that native code knows the method by. */
  readonly code: number;
  /** What messages call the document; `''` when the call has several arguments, which are then its fields. */
  readonly root: string;
  readonly rules: Shape;
  /** Where content may be; absent when the call has none. */
  readonly content?: Content;
  /** Fills in what the caller left to the store. */
  readonly complete?: (call: Fields, settings: Settings) => Fields;
}

export interface Content {
  readonly document: RedactWhere['document'];
  readonly rules: Shape;
  /** The argument that holds the document; absent when the call is the document. */
  readonly argument?: 'result' | 'io';
  /** What stays with `captureContent: false`; absent when all of it does. */
  readonly allowed?: AllowList;
  readonly placeholders: Placeholders;
}

const TRACE_ID = required('traceId', ID);

export const START_TRACE: Operation = {
  method: 'startTrace',
  code: 1,
  root: 'trace',
  rules: TRACE_INPUT,
  content: {
    document: 'trace',
    rules: TRACE_INPUT,
    allowed: TRACE_ALLOWED,
    placeholders: { input: { prompt: '[omitted: redact failed]', parameters: {} } },
  },
  complete: (trace, settings) => ({
    ...trace,
    startedAt: trace['startedAt'] ?? new Date(),
    tags: withDefaultTags(trace['tags'] as string[] | undefined, settings.defaultTags),
  }),
};

export const END_TRACE: Operation = {
  method: 'endTrace',
  code: 2,
  root: '',
  rules: shape([TRACE_ID, { ...nested('result', TRACE_END), required: true }]),
  content: {
    document: 'trace',
    rules: TRACE_END,
    argument: 'result',
    allowed: TRACE_ALLOWED,
    placeholders: {},
  },
  complete: (call) => ({ ...call, now: Date.now() }),
};

export const ADD_SPAN: Operation = {
  method: 'addSpan',
  code: 3,
  root: 'span',
  rules: SPAN,
  content: { document: 'span', rules: SPAN, allowed: SPAN_ALLOWED, placeholders: {} },
};

export const SET_API_IO: Operation = {
  method: 'setApiIO',
  code: 4,
  root: '',
  rules: shape([TRACE_ID, { ...nested('io', API_IO), required: true }]),
  content: { document: 'trace', rules: API_IO, argument: 'io', allowed: TRACE_ALLOWED, placeholders: {} },
};

export const UPSERT_SESSION: Operation = {
  method: 'upsertSession',
  code: 5,
  root: 'session',
  rules: SESSION,
  content: { document: 'session', rules: SESSION, allowed: SESSION_ALLOWED, placeholders: {} },
};

export const ENSURE_CONFIG_SNAPSHOT: Operation = {
  method: 'ensureConfigSnapshot',
  code: 6,
  root: 'snapshot',
  rules: CONFIG_SNAPSHOT,
  content: { document: 'configSnapshot', rules: CONFIG_SNAPSHOT, placeholders: { prompts: {} } },
};

export const SET_TRACE_SCORES: Operation = {
  method: 'setTraceScores',
  code: 7,
  root: '',
  rules: shape([TRACE_ID, required('scores', SCORES)]),
};

export const SET_TRACE_TAGS: Operation = {
  method: 'setTraceTags',
  code: 8,
  root: '',
  rules: shape([TRACE_ID, required('tags', TAGS)]),
};

function withDefaultTags(tags: readonly string[] = [], defaults: readonly string[]): string[] {
  return [...tags, ...defaults.filter((tag) => !tags.includes(tag))];
}
