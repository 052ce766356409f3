/** A secret at every place of every document, in every form in which somebody could hand one over. */
import type { SqliteTraceStore } from 'tracestore';
import { at, session, snapshot, span, trace } from '../support.js';
import { begun, IDS } from './live.js';

export const SECRET = 'hunter2';
/** As far as any message may cut a number short. */
export const SECRET_NUMBER = 4111_1111;

export type Place = readonly string[];

/** What the writes take, filled in at every field that the contract names. */
export const WRITES: Array<[method: string, document: object, call: Write]> = [
  [
    'startTrace',
    {
      ...trace(),
      configSnapshotId: 'cfg1',
      sessionId: 'c1',
      parentTraceId: 'p1',
      input: { prompt: 'p', parameters: { a: 1 }, history: [{ role: 'user', content: 'c' }], metadata: {} },
      output: { success: true, data: {}, error: 'e', toolsUsed: ['search'] },
      apiInput: {},
      apiOutput: {},
      tokens: { input: 1, output: 1, total: 2 },
      cost: { total: 1, byModel: { m: 1 }, currency: 'USD' },
      tags: ['a'],
      scores: { a: 1 },
      metadata: {},
    },
    (store, document) => store.startTrace(document as never),
  ],
  [
    'endTrace',
    {
      status: 'completed',
      input: { prompt: 'p', parameters: {} },
      output: { success: true, toolsUsed: ['search'], error: 'e' },
      completedAt: at(1),
      durationMs: 1,
      tokens: { input: 1, output: 1, total: 2 },
      cost: { total: 1, byModel: { m: 1 }, currency: 'USD' },
      scores: { a: 1 },
      tags: ['a'],
      metadata: {},
    },
    (store, document) => store.endTrace('t1', document as never),
  ],
  [
    'addSpan',
    span({
      parentSpanId: 's0',
      input: {},
      output: {},
      error: 'e',
      genAiAttributes: {},
      toolType: 'mcp',
      metadata: {},
    }),
    (store, document) => store.addSpan(document as never),
  ],
  [
    'startSpan',
    begun({ parentSpanId: 's0', input: {}, error: 'e', genAiAttributes: {}, toolType: 'mcp', metadata: {} }),
    (store, document) => store.startSpan(document as never),
  ],
  [
    'updateSpan',
    {
      parentSpanId: 's0',
      kind: 'tool',
      name: 'n',
      output: {},
      status: 'ok',
      startedAt: at(0),
      durationMs: 1,
    },
    (store, document) => store.updateSpan(...IDS, document),
  ],
  [
    'endSpan',
    { error: 'e', genAiAttributes: {}, toolType: 'mcp', metadata: {}, endedAt: at(1) },
    (store, document) => store.endSpan(...IDS, document),
  ],
  ['setApiIO', { apiInput: {}, apiOutput: {} }, (store, document) => store.setApiIO('t1', document)],
  ['upsertSession', session({ metadata: {} }), (store, document) => store.upsertSession(document as never)],
  [
    'ensureConfigSnapshot',
    snapshot({
      responseSchemas: {},
      store: 's',
      groundingConfig: {},
      executionPlan: {},
      source: { gitSha: 'g', deployedAt: 'd', promptsPath: 'p' },
    }),
    (store, document) => store.ensureConfigSnapshot(document as never),
  ],
  ['setTraceScores', { a: 1, b: 2 }, (store, document) => store.setTraceScores('t1', document as never)],
  ['setTraceTags', ['a', 'b'], (store, document) => store.setTraceTags('t1', document as never)],
  [
    'updateTraceTags',
    { add: ['a'], remove: ['b'] },
    async (store, document) => void (await store.updateTraceTags('t1', document)),
  ],
  [
    'addScore',
    {
      id: 'score',
      traceId: 't1',
      spanId: 's1',
      name: 'n',
      value: 1,
      label: 'l',
      reason: 'r',
      source: 's',
      author: 'a',
      metadata: {},
    },
    async (store, document) => void (await store.addScore(document as never)),
  ],
  [
    'addAnnotation',
    { traceId: 't1', spanId: 's1', identifier: 'i', kind: 'k', author: 'a', value: {} },
    async (store, document) => void (await store.addAnnotation(document as never)),
  ],
  [
    'addLinks',
    [{ from: { traceId: 't1', spanId: 's1' }, to: { url: 'u' }, type: 'x', attributes: {} }],
    async (store, document) => void (await store.addLinks(document as never)),
  ],
  [
    'batchCreate',
    { spans: [span({ input: {} })], scores: [{ traceId: 't1', name: 'n', value: 1, metadata: {} }] },
    async (store, document) => void (await store.batchCreate(document)),
  ],
  ['the id of a write', { id: 't1' }, (store, document) => store.setTraceTags(idIn(document), ['a'])],
  ['the id of a read', { id: 't1' }, async (store, document) => void (await store.getTrace(idIn(document)))],
];

/** Without asking a getter. */
function idIn(document: object): never {
  return Object.getOwnPropertyDescriptor(document, 'id')?.value as never;
}

type Write = (store: SqliteTraceStore, document: object) => Promise<unknown>;

function throws(): never {
  throw Object.assign(new Error(SECRET), { name: SECRET });
}

const once = (value: unknown): PropertyDescriptor & { reads: number } => {
  const property = {
    reads: 0,
    enumerable: true,
    configurable: true,
    get: () => (property.reads++ === 0 ? value : `${SECRET} on second thoughts`),
  };
  return property;
};

/** Puts the secret in a place in some form; `was` is what was there. */
type Plant = (holder: object, key: string, was: unknown) => void;

const value =
  (make: (was: unknown) => unknown): Plant =>
  (holder, key, was) =>
    void Reflect.defineProperty(holder, key, {
      value: make(was),
      enumerable: true,
      configurable: true,
      writable: true,
    });

export const PLANTS: Array<[form: string, plant: Plant]> = [
  ['a text that is no id', value(() => `${SECRET} `.repeat(100))],
  ['a text that is no UTF-16', value(() => `\ud800${SECRET}`)],
  ['a number', value(() => SECRET_NUMBER)],
  ['a negative number', value(() => -SECRET_NUMBER)],
  ['a fraction', value(() => SECRET_NUMBER + 0.5)],
  ['a BigInt', value(() => BigInt(SECRET_NUMBER))],
  ['a symbol', value(() => Symbol(SECRET))],
  ['a list', value(() => [SECRET, 7])],
  ['an object', value(() => ({ [SECRET]: SECRET }))],
  ['a date', value(() => Object.assign(new Date(Number.NaN), { secret: SECRET }))],
  ['a list with a lone surrogate', value(() => [`\udc00${SECRET}`])],
  [
    'an object with a getter that throws',
    value((was) => Object.defineProperty({ ...(was as object) }, SECRET, { enumerable: true, get: throws })),
  ],
  ['a list with a getter that throws', value(() => Object.defineProperty([1], 0, { get: throws }))],
  [
    'a proxy whose traps throw',
    value(() => new Proxy({}, { get: throws, ownKeys: throws, has: throws, getPrototypeOf: throws })),
  ],
  ['a toJSON that throws', value((was) => Object.assign(Object(was), { toJSON: throws }))],
  ['a toJSON that gives it', value(() => ({ toJSON: () => `${SECRET} `.repeat(100) }))],
  [
    'a getter that throws',
    (holder, key) => void Reflect.defineProperty(holder, key, { enumerable: true, get: throws }),
  ],
  [
    'a getter that gives it when it is read again',
    (holder, key, was) => void Reflect.defineProperty(holder, key, once(was)),
  ],
  ['a text larger than a write', value(() => `${SECRET} `.repeat(4000))],
  [
    'a key beside it',
    (holder) => {
      value(() => ({ toJSON: throws }))(holder, SECRET, undefined);
      value(() => `\ud800${SECRET}`)(holder, `${SECRET} `.repeat(50), undefined);
    },
  ],
];

/** Every place in a document, containers and what is in them. */
export function placesIn(document: object): Place[] {
  const places: Place[] = [];
  const visit = (object: object, above: Place): void => {
    for (const [key, member] of Object.entries(object)) {
      const place = [...above, key];
      places.push(place);
      if (typeof member === 'object' && member !== null && !(member instanceof Date)) visit(member, place);
    }
  };
  visit(document, []);
  return places;
}

/** A copy of the document with the secret in this place. */
export function planted(document: object, place: Place, plant: Plant): object {
  const copy = structuredClone(document);
  let holder = copy as Record<string, object>;
  for (const key of place.slice(0, -1)) holder = holder[key] as Record<string, object>;
  const key = place.at(-1) as string;
  plant(holder, key, holder[key]);
  return copy;
}
