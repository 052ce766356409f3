/** The list of tenants: its options, its cursors, its answer. */
import type { Tenant, TenantListOptions, TenantPage } from '../../index.js';
import { isId, leaf, optional, wholeNumber } from '../check/checks.js';
import { argumentShape, validate } from '../check/shape.js';
import type { Core } from '../core.js';

const DEFAULT_LIMIT = 50;
/** What tells these cursors from those of other lists; the last name of the page follows. */
const MARK = 'n';

const OPTIONS = argumentShape([
  optional('limit', wholeNumber('tenants', 1, 1000)),
  optional(
    'cursor',
    leaf('the nextCursor of a page of listTenants', (value) => nameIn(value) !== undefined),
  ),
]);

export async function listTenants(core: Core, options: TenantListOptions): Promise<TenantPage> {
  const parts = await core.ask<Pick<TenantPage, 'tenants' | 'hasMore'>>('listTenants', () => {
    const { limit = DEFAULT_LIMIT, cursor } = validate('listTenants', 'options', options, OPTIONS);
    return { query: 'listTenants', limit, after: nameIn(cursor) };
  });
  if (parts === undefined) return { tenants: [], hasMore: false };
  const [{ tenants, hasMore }] = [...parts] as [TenantPage];
  return { tenants, hasMore, ...(hasMore && { nextCursor: cursorBehind(tenants.at(-1) as Tenant) }) };
}

function cursorBehind({ tenantId }: Tenant): string {
  return MARK + encodeURIComponent(tenantId);
}

/** The name in a cursor; `undefined` where there is none. */
function nameIn(cursor: unknown): string | undefined {
  if (typeof cursor !== 'string' || !cursor.startsWith(MARK)) return undefined;
  try {
    const name = decodeURIComponent(cursor.slice(MARK.length));
    return name === '' || isId(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
