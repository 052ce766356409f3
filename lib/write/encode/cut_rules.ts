/** What may be cut of a document that is too large, so that what is left is still of the contract's types. */
import type { RedactWhere } from '../../../index.js';

/**
 * `text` keeps its beginning; `value` is a text that does, or becomes `{ omitted, bytes }`; `texts` is an object of
 * texts. A list has the rule of its items. What has no rule is kept.
 */
export type CutRule = 'text' | 'value' | 'texts' | CutRules | readonly [CutRule];
export type CutRules = { readonly [field: string]: CutRule | undefined };

const MESSAGE: CutRules = { role: 'text', content: 'text' };

const ERROR_INFO: CutRules = {
  message: 'text',
  stack: 'text',
  data: 'value',
  get cause() {
    return ERROR_INFO;
  },
};

const STEP: CutRules = {
  content: 'text',
  input: 'value',
  arguments: 'value',
  result: 'value',
  question: 'text',
  options: ['value'],
  chosen: 'value',
  reasoning: 'text',
  query: 'text',
  message: 'text',
  data: 'value',
};

const SPAN: CutRules = {
  input: 'value',
  output: 'value',
  error: 'text',
  errorInfo: ERROR_INFO,
  genAiAttributes: 'value',
  metadata: 'value',
  attributes: 'value',
  resource: 'value',
  scope: { attributes: 'value' },
  events: [{ attributes: 'value' }],
  links: [{ attributes: 'value' }],
  step: STEP,
};

const TRACE: CutRules = {
  input: { prompt: 'text', parameters: 'value', history: [MESSAGE], metadata: 'value' },
  output: { data: 'value', error: 'text' },
  apiInput: 'value',
  apiOutput: 'value',
  metadata: 'value',
  errorInfo: ERROR_INFO,
};

/** The fields that identify, order or count a document, or are searched: never cut. */
const KEPT = new Set(
  `schemaVersion traceId spanId parentSpanId parentTraceId sessionId snapshotId configSnapshotId agentName agentVersion
  userId auditingId status kind name toolType startedAt completedAt createdAt updatedAt deployedAt durationMs tokens cost
  tags scores traceCount model modelParams store source now success toolsUsed id label author identifier from to type endUserId messageId statusReason
  startedAtNs endedAtNs clockSkew code recoverable version time timeNs confidence toolName role queryType resultsCount
  errorType`.split(/\s+/),
);

const RULES: Readonly<Record<RedactWhere['document'], CutRules>> = {
  trace: TRACE,
  span: SPAN,
  session: { metadata: 'value' },
  // Its value is a number.
  score: { reason: 'text', metadata: 'value', value: undefined },
  annotation: { value: 'value' },
  link: { attributes: 'value' },
  configSnapshot: {
    prompts: 'texts',
    responseSchemas: 'value',
    groundingConfig: 'value',
    executionPlan: 'value',
  },
};

/** The rule of a document's field. */
export function ruleOf(document: RedactWhere['document'], field: string): CutRule | undefined {
  return ruleIn(RULES[document], field);
}

/** Fields that the contract doesn't know hold any value. */
export function ruleIn(rules: CutRules, field: string): CutRule | undefined {
  if (Object.hasOwn(rules, field)) return rules[field];
  return KEPT.has(field) ? undefined : 'value';
}
