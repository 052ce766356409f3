/** What is recorded of an error: its type, its message, what else it carries, and its causes. */
import { anything, FLAG, NAME, optional, required, TEXT } from '../check/checks.js';
import { leaveOut } from '../check/mend.js';
import type { Check, Mend } from '../check/rules.js';
import { copyFields, isError, isObject, read, type Fields } from '../check/safe-read.js';
import { findProblem, shape } from '../check/shape.js';

const CONTENT = { content: true } as const;

const isErrorInfo: Check = (value, seen) => findProblem(value, ERROR_INFO, seen);

export const ERROR_INFO = shape([
  required('type', NAME),
  required('message', TEXT, CONTENT),
  optional('stack', TEXT, CONTENT),
  optional('code', NAME),
  anything('data'),
  optional('recoverable', FLAG),
  optional('cause', (value, seen) => isErrorInfo(value, seen), CONTENT),
]);

const MOST_CAUSES = 8;

/** An `Error`, a text, or what a framework has in its place. */
export const errorInfo: Mend = (value) => {
  const right = infoOf(value, MOST_CAUSES);
  if (right === undefined) return leaveOut(value);
  return { value: right, loss: losesAny(value, right) ? 'what is wrong in it is left out' : undefined };
};

/** Fields of which nothing is left if they are of another type. */
const TYPED = ['stack', 'code', 'recoverable', 'cause'];

function losesAny(given: unknown, right: Fields): boolean {
  if (!isObject(given) || isError(given)) return false;
  return TYPED.some((key) => (read(given, key) ?? undefined) !== undefined && right[key] === undefined);
}

/** `undefined` for what says nothing of an error. */
function infoOf(value: unknown, causes: number): Fields | undefined {
  if (isError(value)) return ofError(value, causes);
  if (typeof value === 'string') return { type: 'Error', message: value };
  return isObject(value) ? ofObject(value, causes) : undefined;
}

/** Fields that have a place of their own. */
const PLACED = new Set(['name', 'message', 'stack', 'code', 'cause', 'recoverable']);

function ofError(error: Error, causes: number): Fields {
  const data = copyFields(error);
  for (const key of PLACED) delete data[key];
  const errors = read(error, 'errors');
  if (Array.isArray(errors)) data['errors'] = errors;
  return ofObject(
    {
      type: typeOf(error),
      message: read(error, 'message'),
      stack: read(error, 'stack'),
      code: read(error, 'code'),
      data: Object.keys(data).length > 0 ? data : undefined,
      recoverable: read(error, 'recoverable'),
      cause: read(error, 'cause'),
    },
    causes,
  );
}

/** The name, or that of its class where nobody has given it one. */
function typeOf(error: Error): unknown {
  const name = read(error, 'name');
  if (name !== 'Error') return name;
  const ofClass: unknown = read(error, 'constructor');
  return typeof ofClass === 'function' && ofClass.name !== '' ? ofClass.name : name;
}

/** Each known field, if it is of its type or can be made so; others as they are. */
function ofObject(given: Fields, causes: number): Fields {
  const info = copyFields(given);
  info['type'] = wellFormed(info['type']) ?? wellFormed(info['name']) ?? 'Error';
  info['message'] = textIn(info['message']) ?? '';
  keep(info, 'stack', textIn(info['stack']));
  keep(info, 'code', wellFormed(info['code']));
  keep(info, 'recoverable', typeof info['recoverable'] === 'boolean' ? info['recoverable'] : undefined);
  keep(info, 'cause', causes > 0 ? infoOf(info['cause'], causes - 1) : undefined);
  return info;
}

function keep(info: Fields, key: string, value: unknown): void {
  if (value === undefined) delete info[key];
  else info[key] = value;
}

function textIn(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** Types and codes are compared, so two of them must not become one. */
function wellFormed(value: unknown): string | undefined {
  return textIn(value)?.toWellFormed();
}

/** An `Error` given as `error` says more than its text. */
export function withErrorInfo(document: Fields): Fields {
  return filled(document, read(document, 'error'));
}

/** The same of a trace, whose error stands in its output. */
export function withOutputErrorInfo(document: Fields): Fields {
  const output = read(document, 'output');
  return isObject(output) ? filled(document, read(output, 'error')) : document;
}

function filled(document: Fields, error: unknown): Fields {
  if (!isError(error) || read(document, 'errorInfo') !== undefined) return document;
  return { ...copyFields(document), errorInfo: error };
}

/** The text of an error of which only more is known. */
export function withErrorText(document: Fields): Fields {
  const { errorInfo: info, error } = document;
  if (!isObject(info) || (error !== undefined && error !== null)) return document;
  return { ...copyFields(document), error: info['message'] };
}

/** The same of a trace that has an output. */
export function withOutputErrorText(document: Fields): Fields {
  const { errorInfo: info, output } = document;
  if (!isObject(info) || !isObject(output) || (output['error'] ?? undefined) !== undefined) return document;
  return { ...copyFields(document), output: { ...copyFields(output), error: info['message'] } };
}
