/** How messages tell a value: of documents only its kind and size, because they hold what users and models wrote. */
import { types } from 'node:util';
import { timeOf } from './dates.js';

/** How a value is told. */
export type Telling = (value: unknown) => string;

/** A value's kind and size. */
export function kindOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return kindOfString(value);
    case 'number':
      return kindOfNumber(value);
    case 'object':
      return kindOfObject(value);
    case 'undefined':
      return 'undefined';
    default:
      return `a ${typeof value}`;
  }
}

function kindOfString(value: string): string {
  const size = `a string of ${value.length} characters`;
  return value.isWellFormed() ? size : `${size} with a lone surrogate`;
}

function kindOfNumber(value: number): string {
  if (!Number.isFinite(value)) return `number ${value}`;
  const sign = value < 0 ? 'a negative' : 'a';
  return Number.isInteger(value) ? `${sign} number` : `${sign} number with a fraction`;
}

function kindOfObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (!types.isDate(value)) return 'an object';
  return Number.isNaN(timeOf(value)) ? 'an invalid Date' : 'a Date';
}

/** Longer texts are cut here. */
export const QUOTED_CHARS = 40;

/** A value that a developer wrote, in short. */
export function quote(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoteString(value);
    case 'number':
    case 'boolean':
      return `${typeof value} ${value}`;
    default:
      return kindOf(value);
  }
}

function quoteString(value: string): string {
  const start = JSON.stringify(value.slice(0, QUOTED_CHARS));
  if (!value.isWellFormed()) return `a string with a lone surrogate, ${start}`;
  if (value.length <= QUOTED_CHARS) return `string ${start}`;
  return `string ${start.slice(0, -1)}…" of ${Buffer.byteLength(value)} bytes`;
}
