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
import { errorText, leaveOut, leaveOutMembers, takeZero, totalTokens } from '../check/mend.js';
import { closedShape, shape } from '../check/shape.js';
import { ATTRIBUTES, listFinishReasons } from './gen-ai.js';

const CONTENT = { content: true } as const;
/** In an update `null` clears the field. */
const CLEARABLE = { nullable: true } as const;
const CLEARABLE_CONTENT = { content: true, nullable: true } as const;
const ERROR_TEXT = { content: true, mend: errorText } as const;

/** Derived when a document is read, and ignored when that is written again; another value under this name would be lost. */
const SPAN_STATE = optional('state', oneOf('running', 'aborted'), { mend: leaveOut });
const TRACE_STATE = optional('state', oneOf('aborted'), { mend: leaveOut });

export const TAGS = listOf(NAME);
const SCHEMA_VERSION = oneOf(1);

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

const COST = shape([
  required('total', NUMBER),
  optional('byModel', recordOf(NUMBER), { mend: leaveOut }),
  required('currency', NAME),
]);

export const SCORES = recordOf(NUMBER);

/** Measurements, beside a document's other fields: a wrong one is left out. */
const MEASURED = {
  tokens: { mend: totalTokens },
  cost: { mend: leaveOut },
  scores: { mend: leaveOutMembers(NUMBER) },
  durationMs: { mend: leaveOut },
} as const;

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
  'startedAt',
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
]);

const SPAN_KIND = oneOf('llm', 'retrieval', 'tool', 'agent', 'grounding', 'api', 'custom');
const SPAN_STATUS = oneOf('ok', 'error');
const TOOL_TYPE = oneOf('framework', 'mcp', 'dynamic');

/** What a span has from its beginning, given whole or begun. The attributes are an open bag that instrumentations fill. */
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
  optional('genAiAttributes', ATTRIBUTES, { content: true, mend: listFinishReasons }),
  optional('toolType', TOOL_TYPE),
  optional('metadata', RECORD, CONTENT),
  optional('isEvent', FLAG),
  SPAN_STATE,
];

/** `addSpan`. */
export const SPAN = shape([
  ...SPAN_BEGUN,
  required('status', SPAN_STATUS),
  required('startedAt', DATE),
  required('durationMs', DURATION, { mend: takeZero }),
]);

/** `startSpan`. */
export const SPAN_START = shape([
  ...SPAN_BEGUN,
  absent('status', 'endSpan takes it'),
  optional('startedAt', DATE),
  absent('durationMs', 'endSpan takes it'),
]);

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
  optional('genAiAttributes', ATTRIBUTES, { ...CLEARABLE_CONTENT, mend: listFinishReasons }),
  optional('toolType', TOOL_TYPE, CLEARABLE),
  optional('metadata', RECORD, CLEARABLE_CONTENT),
  absent('isEvent', 'startSpan takes it'),
  SPAN_STATE,
];

/** `updateSpan`. */
export const SPAN_CHANGES = shape([...CHANGED_SPAN, absent('endedAt', 'endSpan takes it')]);

/** `endSpan`. */
export const SPAN_END = shape([...CHANGED_SPAN, optional('endedAt', DATE)]);

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
