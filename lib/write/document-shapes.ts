/** The documents of the contract as tables of fields: what each write takes. */
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
  recordOf,
  required,
  TEXT,
  wholeNumber,
} from '../check/checks.js';
import type { Field } from '../check/rules.js';
import { closedShape, shape } from '../check/shape.js';
import { ERROR_INFO } from './error-info.js';
import { NANOS } from './instants.js';
import {
  CLEARABLE,
  CLEARABLE_CONTENT,
  CONTENT,
  COST,
  derivedState,
  ERROR,
  ERROR_TEXT,
  MEASURED,
  SCHEMA_VERSION,
  TAGS,
} from './shape-parts.js';

const TRACE_STATE = derivedState('aborted');

const INPUT = shape([
  required('prompt', TEXT, CONTENT),
  required('parameters', RECORD, CONTENT),
  optional(
    'history',
    listOf(each(shape([required('role', TEXT, CONTENT), required('content', TEXT, CONTENT)]))),
    CONTENT,
  ),
  optional('metadata', RECORD, CONTENT),
]);

const OUTPUT = shape([
  required('success', FLAG),
  anything('data'),
  optional('error', TEXT, ERROR_TEXT),
  optional('toolsUsed', listOf(NAME)),
]);

const TOKENS = shape([required('input', NUMBER), required('output', NUMBER), required('total', NUMBER)]);

export const SCORES = recordOf(NUMBER);

/** `startTrace`. What only the end can know is refused; the rest of a `Trace` is taken. */
export const TRACE_INPUT = shape([
  optional('schemaVersion', SCHEMA_VERSION),
  required('traceId', ID),
  optional('configSnapshotId', ID),
  optional('sessionId', ID),
  optional('parentTraceId', ID),
  required('agentName', NAME),
  required('agentVersion', NAME),
  { ...nested('input', INPUT, CONTENT), required: true },
  nested('output', OUTPUT, CONTENT),
  anything('apiInput'),
  anything('apiOutput'),
  optional('status', oneOf('running')),
  TRACE_STATE,
  required('userId', NUMBER),
  required('auditingId', NUMBER),
  optional('startedAt', DATE),
  absent('completedAt', 'endTrace takes it'),
  absent('durationMs', 'endTrace takes it'),
  nested('tokens', TOKENS, MEASURED.tokens),
  nested('cost', COST, MEASURED.cost),
  optional('tags', TAGS),
  optional('scores', SCORES, MEASURED.scores),
  optional('metadata', RECORD, CONTENT),
  optional('endUserId', NAME),
  optional('messageId', NAME),
  optional('statusReason', NAME),
  nested('errorInfo', ERROR_INFO, ERROR),
  optional('startedAtNs', NANOS),
  absent('endedAtNs', 'endTrace takes it'),
]);

function anyPart(field: Field): Field {
  return field.name === 'traceId' ? field : { ...field, required: false };
}

/** `ensureTrace`: any part of that. */
export const TRACE_TOLD = shape([
  ...TRACE_INPUT.fields.filter(({ name }) => name !== 'status').map(anyPart),
  absent('status', 'endTrace takes it'),
]);

/** What identifies a trace, orders it or is filtered by: given once. */
const FIXED_AT_START = [
  'traceId',
  'configSnapshotId',
  'sessionId',
  'parentTraceId',
  'agentName',
  'agentVersion',
  'userId',
  'auditingId',
  'endUserId',
  'startedAt',
  'startedAtNs',
];

/** `endTrace`. */
export const TRACE_END = shape([
  optional('schemaVersion', SCHEMA_VERSION),
  ...FIXED_AT_START.map((name) => absent(name, 'startTrace takes it')),
  required('status', oneOf('completed', 'failed', 'timeout')),
  TRACE_STATE,
  nested('input', INPUT, CONTENT),
  nested('output', OUTPUT, CLEARABLE_CONTENT),
  optional('completedAt', DATE),
  optional('durationMs', DURATION, MEASURED.durationMs),
  nested('tokens', TOKENS, { ...CLEARABLE, ...MEASURED.tokens }),
  nested('cost', COST, { ...CLEARABLE, ...MEASURED.cost }),
  anything('apiInput'),
  anything('apiOutput'),
  optional('scores', SCORES, { ...CLEARABLE, ...MEASURED.scores }),
  optional('tags', TAGS, CLEARABLE),
  optional('metadata', RECORD, CLEARABLE_CONTENT),
  optional('endedAtNs', NANOS),
  optional('messageId', NAME, CLEARABLE),
  optional('statusReason', NAME, CLEARABLE),
  nested('errorInfo', ERROR_INFO, { ...CLEARABLE, ...ERROR }),
]);

/** `setApiIO`: not a document, so that a misspelt key is refused. */
export const API_IO = closedShape([anything('apiInput'), anything('apiOutput')]);

/** `upsertSession`. */
export const SESSION = shape([
  required('schemaVersion', SCHEMA_VERSION),
  required('sessionId', ID),
  required('userId', NUMBER),
  required('auditingId', NUMBER),
  required('createdAt', DATE),
  required('updatedAt', DATE),
  required('traceCount', wholeNumber('traces', 0)),
  required('tags', TAGS),
  optional('metadata', RECORD, CONTENT),
  optional('endUserId', NAME),
]);

const MODEL_PARAMS = shape([
  optional('temperature', NUMBER),
  optional('maxOutputTokens', NUMBER),
  optional('responseMimeType', NAME),
]);

const SOURCE = shape([optional('gitSha', NAME), optional('deployedAt', NAME), optional('promptsPath', NAME)]);

/** `ensureConfigSnapshot`. */
export const CONFIG_SNAPSHOT = shape([
  required('schemaVersion', SCHEMA_VERSION),
  required('snapshotId', ID),
  required('agentName', NAME),
  required('agentVersion', NAME),
  required('model', NAME),
  { ...nested('modelParams', MODEL_PARAMS), required: true },
  required('prompts', recordOf(TEXT), CONTENT),
  optional('responseSchemas', RECORD, CONTENT),
  optional('store', NAME),
  anything('groundingConfig'),
  anything('executionPlan'),
  required('tags', TAGS),
  nested('source', SOURCE),
  required('createdAt', DATE),
]);
