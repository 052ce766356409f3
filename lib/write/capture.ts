/**
 * `captureContent: false`: reduces a document to what may be stored without content.
 *
 * One allow list per document. What a list does not name is counted, and neither its value nor its key is kept.
 */
import { types } from 'node:util';
import { CONTENT_ATTRIBUTES, METADATA_ATTRIBUTES, presentName, type AttributeType } from './gen-ai.js';
import { timeOf } from '../check/dates.js';
import { copyFields, isObject, read, type Fields } from '../check/safe-read.js';
import { bytesIn } from './encode/binary.js';

type Reduce = (value: unknown, captureErrors: boolean) => unknown;
export type AllowList = Readonly<Record<string, Reduce>>;

/** The document, reduced; always a fresh object. */
export function withoutContent(document: Fields, allowed: AllowList, captureErrors: boolean): Fields {
  const reduced: Fields = {};
  let omittedKeys = 0;
  for (const key of Object.keys(document)) {
    const value = read(document, key);
    if (value === undefined) continue;
    if (!Object.hasOwn(allowed, key)) omittedKeys++;
    else reduced[key] = value === null ? null : (allowed[key] as Reduce)(value, captureErrors);
  }
  if (omittedKeys > 0) reduced['omittedKeys'] = omittedKeys;
  return reduced;
}

/** A copy, of what is no object with ways of its own: what was checked is what is stored. */
export const keep: Reduce = (value, captureErrors) => {
  if (typeof value !== 'object' || value === null) return value;
  if (types.isDate(value)) return new Date(timeOf(value));
  if (!Array.isArray(value)) return omitValue(value, captureErrors);
  return Array.from({ length: value.length }, (_, at) => keep(read(value, at), captureErrors));
};

export const omitText: Reduce = (value) =>
  typeof value === 'string' ? `[omitted: string, ${value.length} chars]` : '[omitted]';

const omitErrorText: Reduce = (value, captureErrors) => (captureErrors ? value : omitText(value, false));

/** The shape of a value of any type. */
export const omitValue: Reduce = (value) => {
  if (typeof value === 'string') return { omitted: 'string', length: value.length };
  if (typeof value !== 'object') return { omitted: typeof value };
  if (Array.isArray(value)) return { omitted: 'array', length: value.length };
  const bytes = bytesIn(value as object);
  if (bytes !== undefined) return { omitted: 'binary', bytes };
  return { omitted: 'object', keys: countKeys(value as object) };
};

function countKeys(value: object): number {
  try {
    return Object.keys(value).length;
  } catch {
    return 0;
  }
}

/** The members that are finite numbers, under names that the developer chose: models, scores. */
const keepNumbers: Reduce = (value) => {
  const numbers: Fields = {};
  for (const key of Object.keys(value as object)) {
    const member = read(value as Fields, key);
    if (Number.isFinite(member)) numbers[key] = member;
  }
  return numbers;
};

const reduceBy =
  (allowed: AllowList): Reduce =>
  (value, captureErrors) =>
    isObject(value) ? withoutContent(value, allowed, captureErrors) : omitValue(value, captureErrors);

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

const MAX_METADATA_CHARS = 128;

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

/** What names something, unless it is too long for a name. */
export const keepName: Reduce = (value) =>
  typeof value === 'string' && value.length > MAX_METADATA_CHARS ? omitText(value, false) : value;

const eachOf =
  (reduce: Reduce): Reduce =>
  (list, captureErrors) =>
    Array.isArray(list) ? list.map((item) => reduce(item, captureErrors)) : omitValue(list, captureErrors);

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

/** All spans, and what is said of them later. */
export const SPAN_ALLOWED: AllowList = {
  ...BOTH,
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
