/** The forms that an end of a link may have. */
import { ID, NAME, oneOfShapes, optional, required } from './checks.js';
import { closedShape } from './shape.js';

const FORMS = [
  closedShape([required('traceId', ID), optional('spanId', ID)]),
  closedShape([required('store', ID), required('id', ID)]),
  closedShape([required('externalId', ID)]),
  closedShape([required('url', NAME)]),
];

export const LINK_END = oneOfShapes('{ traceId, spanId? }, { store, id }, { externalId } or { url }', FORMS);
