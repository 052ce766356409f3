/** Spans as tables of fields: whole, begun, changed and ended. */
import {
  absent,
  anything,
  DATE,
  DURATION,
  each,
  FLAG,
  ID,
  listOf,
  NAME,
  nested,
  NUMBER,
  oneOf,
  optional,
  RECORD,
  required,
  TEXT,
} from '../check/checks.js';
import { leaveOut, leaveOutItems, leaveOutMembers, takeZero } from '../check/mend.js';
import type { Field } from '../check/rules.js';
import { closedShape, shape } from '../check/shape.js';
import { ERROR_INFO } from './error-info.js';
import { ATTRIBUTES, listFinishReasons, listReasons } from './gen-ai.js';
import { NANOS } from './instants.js';
import {
  CLEARABLE,
  CONTENT,
  COST,
  derivedState,
  ERROR,
  ERROR_TEXT,
  MEASURED,
  SCHEMA_VERSION,
  TAGS,
} from './shape-parts.js';
import { LINKS } from './said.js';
import { isStep, STEP } from './step-shape.js';

const SCOPE = shape([
  optional('name', NAME),
  optional('version', NAME),
  optional('attributes', RECORD, CONTENT),
]);

const isEvent = each(
  shape([
    required('name', NAME),
    required('time', DATE),
    optional('timeNs', NANOS),
    optional('attributes', RECORD, CONTENT),
  ]),
);

const SPAN_KIND = oneOf('llm', 'retrieval', 'tool', 'agent', 'grounding', 'api', 'custom');
const SPAN_STATUS = oneOf('ok', 'error');
const SPAN_STATE = derivedState('running', 'aborted');
const TOOL_TYPE = oneOf('framework', 'mcp', 'dynamic');

/** Each may be absent: providers tell some of them. */
const SPAN_TOKENS = ['input', 'output', 'total', 'cacheRead', 'cacheWrite', 'reasoning'];
const TOKENS = shape(SPAN_TOKENS.map((name) => optional(name, NUMBER)));

/** What providers and frameworks report of a call: left out where it is none. */
const REPORTED = [
  ...['operation', 'provider', 'requestModel', 'responseModel', 'modelVersion'].map((name) =>
    optional(name, NAME, { mend: leaveOut }),
  ),
  nested('tokens', TOKENS, { mend: leaveOutMembers(NUMBER, SPAN_TOKENS) }),
  optional('finishReasons', listOf(NAME), { mend: listReasons }),
  optional('conversationId', NAME, { mend: leaveOut }),
  optional('toolName', NAME, { mend: leaveOut }),
  optional('toolCallId', NAME, { mend: leaveOut }),
  optional('agentName', NAME, { mend: leaveOut }),
];

/** What any word about a span may tell. The attributes are an open bag that instrumentations fill. */
const TOLD = [
  optional('genAiAttributes', ATTRIBUTES, { content: true, mend: listFinishReasons }),
  optional('toolType', TOOL_TYPE),
  optional('tags', TAGS),
  optional('metadata', RECORD, CONTENT),
  optional('type', NAME),
  optional('attributes', RECORD, CONTENT),
  optional('resource', RECORD, CONTENT),
  nested('scope', SCOPE),
  optional('events', listOf(isEvent), { content: true, mend: leaveOutItems(isEvent) }),
  LINKS,
  nested('cost', COST, MEASURED.cost),
  ...REPORTED,
  optional('sessionId', ID),
  optional('userId', NUMBER),
  optional('endUserId', NAME),
  optional('messageId', NAME),
  optional('statusReason', NAME),
  nested('errorInfo', ERROR_INFO, ERROR),
  { ...optional('step', isStep), shape: STEP },
];

/** What a span has from its beginning, given whole or begun. */
const SPAN_BEGUN = [
  optional('schemaVersion', SCHEMA_VERSION),
  required('spanId', ID),
  required('traceId', ID),
  optional('parentSpanId', ID),
  required('kind', SPAN_KIND),
  required('name', NAME),
  anything('input'),
  anything('output'),
  optional('error', TEXT, ERROR_TEXT),
  ...TOLD,
  optional('startedAtNs', NANOS),
  optional('isEvent', FLAG),
  SPAN_STATE,
];

/** `addSpan`. */
export const SPAN = shape([
  ...SPAN_BEGUN,
  required('status', SPAN_STATUS),
  required('startedAt', DATE),
  required('durationMs', DURATION, { mend: takeZero }),
  optional('endedAtNs', NANOS),
  optional('clockSkew', oneOf(true), { mend: leaveOut }),
]);

/** `startSpan`. */
export const SPAN_START = shape([
  ...SPAN_BEGUN,
  absent('status', 'endSpan takes it'),
  optional('startedAt', DATE),
  absent('durationMs', 'endSpan takes it'),
  absent('endedAtNs', 'endSpan takes it'),
]);

/** `addEvents`: there must be a list. */
export const ADDED_EVENTS = closedShape([
  required('traceId', ID),
  required('spanId', ID),
  required('events', listOf(isEvent), {
    content: true,
    mend: (value) => (Array.isArray(value) ? leaveOutItems(isEvent)(value) : undefined),
  }),
]);

function clearable(field: Field): Field {
  return { ...field, ...CLEARABLE };
}

const CHANGED_SPAN = [
  optional('schemaVersion', SCHEMA_VERSION),
  absent('spanId', 'it names the span'),
  absent('traceId', 'it names the span'),
  optional('parentSpanId', ID, CLEARABLE),
  optional('kind', SPAN_KIND),
  optional('name', NAME),
  anything('input'),
  anything('output'),
  optional('status', SPAN_STATUS),
  optional('error', TEXT, { ...ERROR_TEXT, ...CLEARABLE }),
  optional('startedAt', DATE),
  optional('durationMs', DURATION, MEASURED.durationMs),
  ...TOLD.map(clearable),
  optional('startedAtNs', NANOS),
  absent('isEvent', 'startSpan takes it'),
  SPAN_STATE,
];

/** `updateSpan`. */
export const SPAN_CHANGES = shape([
  ...CHANGED_SPAN,
  absent('endedAt', 'endSpan takes it'),
  absent('endedAtNs', 'endSpan takes it'),
]);

/** `endSpan`. */
export const SPAN_END = shape([...CHANGED_SPAN, optional('endedAt', DATE), optional('endedAtNs', NANOS)]);
