/** What tells the cursors of one method from those of another; the rest of each is the engine's. */
import { leaf } from '../check/checks.js';
import type { Check } from '../check/rules.js';

interface CursorForm {
  mark: string;
  /** How many numbers the engine puts into it. */
  numbers: number;
}

const FORMS = {
  listTraces: { mark: 't', numbers: 2 },
  listSessions: { mark: 's', numbers: 2 },
  listScores: { mark: 'c', numbers: 2 },
  getSpans: { mark: 'p', numbers: 3 },
} satisfies Record<string, CursorForm>;

/** A method that answers with pages. */
export type PagedMethod = keyof typeof FORMS;

/** The cursor of the next page, as callers see it. */
export function markCursor(method: PagedMethod, cursor: string): string {
  return FORMS[method].mark + cursor;
}

/** The same as the engine made it. */
export function unmarkCursor(cursor: string | undefined): string | undefined {
  return cursor?.slice(1);
}

export function cursorCheck(method: PagedMethod): Check {
  const { mark, numbers } = FORMS[method];
  const number = '[0-9a-f]{1,16}';
  const form = new RegExp(`^${mark}${Array.from({ length: numbers }, () => number).join('[.]')}$`);
  const isCursor = (value: unknown): boolean => typeof value === 'string' && form.test(value);
  return leaf(`the nextCursor of a page of ${method}`, isCursor);
}
