/** From the options of `getSpans` to the query that native code answers. */
import type { SpanPageOptions } from '../../index.js';
import { ID, optional, wholeNumber } from '../check/checks.js';
import { argumentShape, validate, validateArgument } from '../check/shape.js';
import { cursorCheck, unmarkCursor } from './cursors.js';

const OPTIONS = argumentShape([
  optional('limit', wholeNumber('spans', 1, 1_000_000)),
  optional('cursor', cursorCheck('getSpans')),
  optional('maxBytes', wholeNumber('bytes', 1)),
]);

/** @throws `INVALID_ARGUMENT` */
export function spanPageQuery(tenantId: string, traceId: string, options: SpanPageOptions): object {
  validateArgument('getSpans', 'traceId', traceId, ID);
  const { limit, cursor, maxBytes } = validate('getSpans', 'options', options, OPTIONS);
  const own = unmarkCursor('getSpans', tenantId, 'options.cursor', cursor);
  return { query: 'getSpans', traceId, page: { limit, cursor: own, maxBytes } };
}
