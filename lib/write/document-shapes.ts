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
  SOMETHING,
  TEXT,
  wholeNumber,
} from '../check/checks.js';
import { LINK_END } from '../check/link-end.js';
import { errorText, leaveOut, leaveOutMembers, takeZero, totalTokens } from '../check/mend.js';
import { argumentShape, closedShape, shape } from '../check/shape.js';
import { ATTRIBUTES, listFinishReasons } from './gen-ai.js';

const CONTENT = { content: true } as const;
/** In an update `null` clears the field. */
const CLEARABLE = { nullable: true } as const;
const CLEARABLE_CONTENT = { content: true, nullable: true } as const;
const ERROR_TEXT = { content: true, mend: errorText } as const;

export const TAGS = listOf(NAME);

/** `updateTraceTags`, `updateSpanTags`. */
export const TAG_CHANGES = closedShape([optional('add', TAGS), optional('remove', TAGS)]);

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

/** `addSpan`. The attributes are an open bag that instrumentations fill. */
export const SPAN = shape([
  optional('schemaVersion', SCHEMA_VERSION),
  required('spanId', ID),
  required('traceId', ID),
  optional('parentSpanId', ID),
  required('kind', oneOf('llm', 'retrieval', 'tool', 'agent', 'grounding', 'api', 'custom')),
  required('name', NAME),
  anything('input'),
  anything('output'),
  required('status', oneOf('ok', 'error')),
  optional('error', TEXT, ERROR_TEXT),
  required('startedAt', DATE),
  required('durationMs', DURATION, { mend: takeZero }),
  optional('genAiAttributes', ATTRIBUTES, { content: true, mend: listFinishReasons }),
  optional('toolType', oneOf('framework', 'mcp', 'dynamic')),
  optional('tags', TAGS),
  optional('metadata', RECORD, CONTENT),
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

/** What the store writes itself. */
const STAMPED = ['createdAt', 'updatedAt', 'version'].map((name) => absent(name, 'the store writes it'));

/** `addScore`. */
export const SCORE = shape([
  optional('id', ID),
  required('traceId', ID),
  optional('spanId', ID),
  required('name', NAME),
  optional('value', NUMBER),
  optional('label', NAME),
  optional('reason', TEXT, CONTENT),
  optional('source', NAME),
  optional('author', NAME),
  optional('metadata', RECORD, CONTENT),
  ...STAMPED,
]);

/** `addAnnotation`. */
export const ANNOTATION = shape([
  absent('id', 'the store gives it; identifier names what is to be replaced'),
  required('traceId', ID),
  optional('spanId', ID),
  optional('identifier', ID),
  optional('kind', NAME),
  optional('author', NAME),
  { ...anything('value'), check: SOMETHING, required: true },
  ...STAMPED,
]);

/** `addLinks`: a link has no place for fields of the caller's own but its attributes. */
export const LINK = closedShape([
  required('from', LINK_END),
  required('to', LINK_END),
  required('type', NAME),
  optional('attributes', RECORD, CONTENT),
]);

/** `deleteScore`, `deleteAnnotation`. */
export const BY_ID = argumentShape([required('id', ID)]);
