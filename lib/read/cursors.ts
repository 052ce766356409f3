/** What tells the cursors of one method, and of one tenant, from those of others; the rest of each is the engine's. */
import { leaf } from '../check/checks.js';
import type { Check } from '../check/rules.js';
import { invalid } from '../check/shape.js';

interface CursorForm {
  mark: string;
  /** How many numbers the engine puts into it. */
  numbers: number;
}

const FORMS = {
  listTraces: { mark: 't', numbers: 2 },
  listSessions: { mark: 's', numbers: 2 },
  getSpans: { mark: 'p', numbers: 3 },
} satisfies Record<string, CursorForm>;

/** A method that answers with pages. */
export type PagedMethod = keyof typeof FORMS;

/** Between the engine's numbers and the tenant's name. */
const OF = '@';

/** The cursor of the next page, as callers see it. */
export function markCursor(method: PagedMethod, tenantId: string, cursor: string): string {
  return FORMS[method].mark + cursor + suffixOf(tenantId);
}

/**
 * The same as the engine made it.
 *
 * @param field what messages call the cursor.
 * @throws `INVALID_ARGUMENT` for one of another tenant.
 */
export function unmarkCursor(
  method: PagedMethod,
  tenantId: string,
  field: string,
  cursor: string | undefined,
): string | undefined {
  if (cursor === undefined) return undefined;
  const at = cursor.indexOf(OF);
  const end = at === -1 ? cursor.length : at;
  const suffix = cursor.slice(end);
  if (suffix !== suffixOf(tenantId)) {
    const expected = `the nextCursor of a page of ${words(suffixOf(tenantId))}`;
    throw invalid(method, field, expected, `one of ${words(suffix)}`);
  }
  return cursor.slice(1, end);
}

export function cursorCheck(method: PagedMethod): Check {
  const { mark, numbers } = FORMS[method];
  const number = '[0-9a-f]{1,16}';
  const engine = Array.from({ length: numbers }, () => number).join('[.]');
  const form = new RegExp(`^${mark}${engine}(${OF}[\\w.!~*'()%-]{1,1536})?$`);
  const isCursor = (value: unknown): boolean => typeof value === 'string' && form.test(value);
  return leaf(`the nextCursor of a page of ${method}`, isCursor);
}

function suffixOf(tenantId: string): string {
  return tenantId === '' ? '' : OF + encodeURIComponent(tenantId);
}

/** A suffix in words. */
function words(suffix: string): string {
  if (suffix === '') return 'the store itself';
  return `tenant ${JSON.stringify(decoded(suffix.slice(OF.length)))}`;
}

/** Callers may have made it up. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
