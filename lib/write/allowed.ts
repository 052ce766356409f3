/** What stays of traces, spans and sessions without content, and what becomes of the rest: one allow list per document. */
import { copyFields, isObject, read, type Fields } from '../check/safe-read.js';
import {
  eachOf,
  keep,
  keepName,
  keepNumbers,
  MAX_METADATA_CHARS,
  omitErrorText,
  omitText,
  omitValue,
  reduceBy,
  type AllowList,
  type Reduce,
} from './capture.js';
import { CONTENT_ATTRIBUTES, METADATA_ATTRIBUTES, presentName, type AttributeType } from './gen-ai.js';

const ROLES = new Set(['system', 'user', 'assistant', 'tool', 'developer', 'function', 'model']);

const message = reduceBy({
  role: (role) => (ROLES.has(role as string) ? role : omitText(role, false)),
  content: omitText,
});

const INPUT: AllowList = {
  prompt: omitText,
  parameters: omitValue,
  history: (history, captureErrors) => (history as unknown[]).map((entry) => message(entry, captureErrors)),
  metadata: omitValue,
};

const OUTPUT: AllowList = { success: keep, data: omitValue, error: omitErrorText, toolsUsed: keep };

const TOKENS: AllowList = { input: keep, output: keep, total: keep };

const COST: AllowList = { total: keep, byModel: keepNumbers, currency: keep };

function isMetadata(value: unknown, type: AttributeType): boolean {
  if (type === 'strings') return Array.isArray(value) && value.every((item) => isMetadata(item, 'string'));
  return typeof value === type && (type !== 'string' || (value as string).length <= MAX_METADATA_CHARS);
}

/** Keys keep the name they came under; an old name counts as its present one. */
const reduceAttributes: Reduce = (attributes) => {
  const reduced: Fields = {};
  let omittedKeys = 0;
  for (const key of Object.keys(attributes as object)) {
    const value = read(attributes as Fields, key);
    const name = presentName(key);
    const type = METADATA_ATTRIBUTES.get(name);
    if (value === undefined) continue;
    if (type !== undefined && (value === null || isMetadata(value, type))) reduced[key] = value;
    else if (type === undefined && !CONTENT_ATTRIBUTES.has(name)) omittedKeys++;
    else if (value === null) reduced[key] = null;
    else reduced[key] = typeof value === 'string' ? omitText(value, false) : omitValue(value, false);
  }
  if (omittedKeys > 0) reduced['omittedKeys'] = omittedKeys;
  return reduced;
};

const ERROR_INFO: AllowList = {
  type: keepName,
  message: omitErrorText,
  stack: omitErrorText,
  code: keepName,
  data: omitValue,
  recoverable: keep,
  cause: (cause, captureErrors) => reduceBy(ERROR_INFO)(cause, captureErrors),
};

const SCOPE: AllowList = { name: keepName, version: keepName, attributes: omitValue };

const EVENT: AllowList = { name: keepName, time: keep, timeNs: keep, attributes: omitValue };

/** Where a link leads is what it is. A copy: what was checked is what is stored. */
export const keepEnd: Reduce = (end, captureErrors) =>
  isObject(end) ? copyFields(end) : omitValue(end, captureErrors);

const LINK: AllowList = { to: keepEnd, type: keepName, attributes: omitValue };

/** A text stays one. */
const omitAny: Reduce = (value) =>
  typeof value === 'string' ? omitText(value, false) : omitValue(value, false);

const STEP: AllowList = {
  type: keep,
  content: omitText,
  confidence: keep,
  name: keepName,
  input: omitValue,
  toolName: keepName,
  arguments: omitValue,
  result: omitValue,
  durationMs: keep,
  role: keepName,
  question: omitText,
  options: eachOf(omitAny),
  chosen: omitAny,
  reasoning: omitText,
  queryType: keepName,
  query: omitText,
  resultsCount: keep,
  errorType: keepName,
  message: omitErrorText,
  recoverable: keep,
  data: omitValue,
};

/** What traces and spans share. */
const BOTH: AllowList = {
  schemaVersion: keep,
  traceId: keep,
  status: keep,
  state: keep,
  startedAt: keep,
  durationMs: keep,
  cost: reduceBy(COST),
  tags: keep,
  metadata: omitValue,
  endUserId: keepName,
  messageId: keepName,
  statusReason: keepName,
  errorInfo: reduceBy(ERROR_INFO),
  startedAtNs: keep,
  endedAtNs: keep,
};

/** `startTrace`, `ensureTrace` and `endTrace`: what any may carry. */
export const TRACE_ALLOWED: AllowList = {
  ...BOTH,
  configSnapshotId: keep,
  sessionId: keep,
  parentTraceId: keep,
  agentName: keep,
  agentVersion: keep,
  input: reduceBy(INPUT),
  output: reduceBy(OUTPUT),
  apiInput: omitValue,
  apiOutput: omitValue,
  userId: keep,
  auditingId: keep,
  completedAt: keep,
  tokens: reduceBy(TOKENS),
  scores: keepNumbers,
};

const SPAN_TOKENS: AllowList = { ...TOKENS, cacheRead: keep, cacheWrite: keep, reasoning: keep };

/** What providers and frameworks report of a call. */
const REPORTED: AllowList = {
  operation: keepName,
  provider: keepName,
  requestModel: keepName,
  responseModel: keepName,
  modelVersion: keepName,
  tokens: reduceBy(SPAN_TOKENS),
  finishReasons: eachOf(keepName),
  conversationId: keepName,
  toolName: keepName,
  toolCallId: keepName,
  agentName: keepName,
};

/** All spans, and what is said of them later. */
export const SPAN_ALLOWED: AllowList = {
  ...BOTH,
  ...REPORTED,
  sessionId: keep,
  userId: keep,
  spanId: keep,
  parentSpanId: keep,
  kind: keep,
  name: keep,
  input: omitValue,
  output: omitValue,
  error: omitErrorText,
  genAiAttributes: reduceAttributes,
  toolType: keep,
  isEvent: keep,
  endedAt: keep,
  type: keepName,
  attributes: omitValue,
  resource: omitValue,
  scope: reduceBy(SCOPE),
  events: eachOf(reduceBy(EVENT)),
  links: eachOf(reduceBy(LINK)),
  step: reduceBy(STEP),
  clockSkew: keep,
};

export const SESSION_ALLOWED: AllowList = {
  schemaVersion: keep,
  sessionId: keep,
  userId: keep,
  auditingId: keep,
  createdAt: keep,
  updatedAt: keep,
  traceCount: keep,
  tags: keep,
  metadata: omitValue,
  endUserId: keepName,
};
