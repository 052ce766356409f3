/** Typed steps as tables of fields, one for each type. */
import {
  anything,
  DURATION,
  FLAG,
  leaf,
  listOf,
  NAME,
  optional,
  oneOf,
  required,
  TEXT,
  wholeNumber,
} from '../check/checks.js';
import { leaveOut } from '../check/mend.js';
import type { Check, Field } from '../check/rules.js';
import { isObject } from '../check/safe-read.js';
import { findProblem, shape } from '../check/shape.js';

const CONTENT = { content: true } as const;
const MEASURED = { mend: leaveOut } as const;

const CONFIDENCE = optional(
  'confidence',
  leaf('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1),
  MEASURED,
);
const CONTENT_TEXT = required('content', TEXT, CONTENT);
/** Anything but nothing. */
const PRESENT: Check = leaf('present', (value) => value !== undefined);

const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  thought: [CONTENT_TEXT, CONFIDENCE],
  action: [required('name', NAME), anything('input')],
  observation: [CONTENT_TEXT],
  tool_call: [
    required('toolName', NAME),
    required('arguments', PRESENT, { ...CONTENT, nullable: true }),
    anything('result'),
    optional('durationMs', DURATION, MEASURED),
  ],
  message: [required('role', NAME), CONTENT_TEXT],
  decision: [
    required('question', TEXT, CONTENT),
    required('options', listOf(PRESENT), CONTENT),
    required('chosen', PRESENT, { ...CONTENT, nullable: true }),
    optional('reasoning', TEXT, CONTENT),
    CONFIDENCE,
  ],
  query: [
    required('queryType', NAME),
    required('query', TEXT, CONTENT),
    optional('resultsCount', wholeNumber('results', 0), MEASURED),
  ],
  error: [required('errorType', NAME), required('message', TEXT, CONTENT), required('recoverable', FLAG)],
  custom: [required('name', NAME), required('data', PRESENT, { ...CONTENT, nullable: true })],
};

const TYPE = required('type', oneOf(...Object.keys(FIELDS)));

const SHAPES = new Map(Object.entries(FIELDS).map(([type, fields]) => [type, shape([TYPE, ...fields])]));

/** Of no type that is known, only that is wrong. */
const UNKNOWN = shape([TYPE]);

/** A step of any type. */
export const isStep: Check = (value, seen) => {
  const type = isObject(value) ? value['type'] : undefined;
  return findProblem(value, (typeof type === 'string' ? SHAPES.get(type) : undefined) ?? UNKNOWN, seen);
};

/** All fields that a step can have: what `redact` is offered is told by their names. */
export const STEP = shape([
  TYPE,
  ...new Map(
    Object.values(FIELDS)
      .flat()
      .map((field) => [field.name, field]),
  ).values(),
]);
