/** Several documents as one write: each is prepared as if it came alone, and an error names it by its place. */
import type { FailedOperation, WriteMethod } from '../../index.js';
import { isObject, read, type Fields } from '../check/safe-read.js';
import { closedShape, invalid, shape, validate } from '../check/shape.js';
import { each, listOf, optional } from '../check/checks.js';
import { kindOf } from '../check/telling.js';
import type { Settings } from '../settings.js';
import { takeCall } from './call.js';
import { BATCH_CODE, type Operation } from './operation.js';
import {
  ADD_ANNOTATION,
  ADD_LINK,
  ADD_SCORE,
  ADD_SPAN,
  ADD_STEP,
  ENSURE_CONFIG_SNAPSHOT,
  START_TRACE,
  UPSERT_SESSION,
} from './operations.js';
import { prepare, type OnLoss, type Prepared } from './prepare.js';

/** In the order in which native code writes them. */
const LISTS = {
  sessions: UPSERT_SESSION,
  configSnapshots: ENSURE_CONFIG_SNAPSHOT,
  traces: START_TRACE,
  spans: ADD_SPAN,
  steps: ADD_STEP,
  scores: ADD_SCORE,
  annotations: ADD_ANNOTATION,
  links: ADD_LINK,
} satisfies Record<string, Operation>;

type ListName = keyof typeof LISTS;

const NAMES = Object.keys(LISTS) as ListName[];

/** Which ids a receipt repeats, so that it can be told whose it is. */
const IDS: Record<ListName, readonly string[]> = {
  sessions: ['sessionId'],
  configSnapshots: ['snapshotId'],
  traces: ['traceId'],
  spans: ['traceId', 'spanId'],
  steps: ['spanId'],
  scores: ['id'],
  annotations: ['id'],
  links: [],
};

const ITEMS = listOf(each(shape([])));
// Not arguments of a developer: what is in them is content, of which messages tell kind and size alone.
const BATCH = closedShape(NAMES.map((name) => optional(name, ITEMS)));

/** The receipts of a batch, by list. */
export type Receipts = Record<ListName, Fields[]>;

export interface PreparedBatch extends Prepared {
  /** From what native code answers, one receipt a document; from nothing, if nothing was written. */
  readonly receipts: (answer: unknown) => Receipts;
}

/**
 * @param tell who hears of what is left out of a document.
 * @throws `INVALID_ARGUMENT`
 */
export function prepareBatch(
  tenantId: string,
  method: WriteMethod,
  given: object,
  settings: Settings,
  tell: (described: FailedOperation) => OnLoss,
): PreparedBatch {
  const lists = validate(method, method === 'addLinks' ? '' : 'batch', given, BATCH) as Partial<
    Record<ListName, unknown[]>
  >;
  const documents = {} as Record<ListName, Fields[]>;
  for (const name of NAMES) {
    const items = lists[name] ?? [];
    documents[name] = Array.from({ length: items.length }, (_, at) => {
      const operation: Operation = { ...LISTS[name], method, name: `${name}[${at}]` };
      const call = takeCall(tenantId, operation, read(items, at), []);
      if (!isObject(call.document)) throw invalid(method, operation.name, 'an object', kindOf(call.document));
      return prepare(call, settings, tell(call.described)).call;
    });
  }
  const { maxPayloadBytes: maxBytes } = settings;
  return {
    tenantId,
    code: BATCH_CODE,
    call: documents,
    frame: { document: 'trace', isBatch: true, maxBytes, onOversize: 'reject' },
    unwritten: undefined,
    receipts: (answer) => receiptsOf(documents, answer as Array<Fields> | undefined),
  };
}

function receiptsOf(documents: Record<ListName, Fields[]>, answer: Fields[] = []): Receipts {
  let at = 0;
  const receipts = {} as Receipts;
  for (const name of NAMES) {
    receipts[name] = documents[name].map((document) => {
      const ids = Object.fromEntries(IDS[name].map((id) => [id, document[id]]));
      return { ...ids, version: 0, ...answer[at++] };
    });
  }
  return receipts;
}
