/** `addStep`: its arguments as one document, and that as the span that carries the step. */
import { anything, DATE, DURATION, ID, optional, RECORD, required } from '../check/checks.js';
import { takeZero } from '../check/mend.js';
import type { Field } from '../check/rules.js';
import { isObject, type Fields } from '../check/safe-read.js';
import { argumentShape, closedShape } from '../check/shape.js';
import { newId } from './ids.js';
import { CONTENT, IF_VERSION, TAGS } from './shape-parts.js';
import { LINKS } from './said.js';
import { isStep, STEP } from './step-shape.js';

/** What may be told of the span beside its step. */
const TOLD: readonly Field[] = [
  optional('spanId', ID),
  optional('parentSpanId', ID),
  optional('startedAt', DATE),
  optional('durationMs', DURATION, { mend: takeZero }),
  optional('tags', TAGS),
  LINKS,
  optional('metadata', RECORD, CONTENT),
];

/** The document of `addStep`, as `batchCreate` takes it: closed, for what is misspelt would be lost. */
export const STEP_INPUT = closedShape([
  required('traceId', ID),
  { ...required('step', isStep), shape: STEP },
  ...TOLD,
]);

/** The options of the call: the document has their values, which are checked there. */
export const STEP_OPTIONS = argumentShape([IF_VERSION, ...TOLD.map(({ name }) => anything(name))]);

/** The document from the arguments of the call; what are no options is refused with them, and a getter is asked later. */
export function stepInput(traceId: unknown, step: unknown, options: unknown): Fields {
  const input: Fields = { traceId, step };
  if (!isObject(options)) return input;
  for (const { name } of TOLD)
    Object.defineProperty(input, name, { enumerable: true, get: () => options[name] });
  return input;
}

const KINDS: Readonly<Record<string, string>> = { tool_call: 'tool', query: 'retrieval' };

/** The field that says what it is about, where a type has one. */
const NAMES: Readonly<Record<string, string>> = {
  tool_call: 'toolName',
  action: 'name',
  custom: 'name',
  query: 'queryType',
  message: 'role',
  error: 'errorType',
};

/** The whole span, from what was checked and is kept of the document. */
export function spanOfStep(input: Fields): Fields {
  const step = input['step'] as Fields;
  const type = step['type'] as string;
  const naming = NAMES[type];
  return {
    ...input,
    spanId: input['spanId'] ?? newId(),
    kind: KINDS[type] ?? 'custom',
    name: naming === undefined ? type : step[naming],
    status: type === 'error' ? 'error' : 'ok',
    ...(type === 'error' && { error: step['message'] }),
    startedAt: input['startedAt'] ?? new Date(),
    durationMs: input['durationMs'] ?? (type === 'tool_call' ? step['durationMs'] : undefined) ?? 0,
  };
}
