/** What documents and arguments are refused, in which words, and that nothing changes. */
import type { SqliteTraceStore, TraceEndInput } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { failure, NOTHING, openStore, session, snapshot, span, trace } from './support.js';
import {
  badIds,
  endCases,
  ID,
  LONE,
  LONE_FOUND,
  missing,
  sessionCases,
  snapshotCases,
  spanCases,
  traceCases,
  type Case,
} from './support/bad-documents.js';

type Call = (store: SqliteTraceStore, document: never) => Promise<void>;

/** `field` may reach into the value; the document's own field is its first word. */
const topField = (field: string): string => /^\w+/.exec(field)?.[0] ?? field;

const documents: Array<[method: string, root: string, valid: object, cases: Case[], call: Call]> = [
  ['startTrace', 'trace', trace(), traceCases, (store, document) => store.startTrace(document)],
  [
    'endTrace',
    'result',
    { status: 'completed' },
    endCases,
    (store, document) => store.endTrace('t1', document),
  ],
  ['addSpan', 'span', span(), spanCases, (store, document) => store.addSpan(document)],
  ['upsertSession', 'session', session(), sessionCases, (store, document) => store.upsertSession(document)],
  [
    'ensureConfigSnapshot',
    'snapshot',
    snapshot(),
    snapshotCases,
    (store, document) => store.ensureConfigSnapshot(document),
  ],
];

describe.each(documents)('%s', (method, root, valid, cases, call) => {
  it('refuses every bad field in the same form, and stores nothing', async () => {
    const store = openStore();
    for (const [field, value, expected, found] of cases) {
      const error = await failure(call(store, { ...valid, [topField(field)]: value } as never));
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(error.method).toBe(method);
      expect(error.field).toBe(`${root}.${field}`);
      expect(error.message).toBe(`${method}: ${root}.${field} must be ${expected}, got ${found}`);
    }
    const info = await store.info();
    expect(info.counts).toEqual(NOTHING);
    expect(info.failedWrites).toBe(cases.length);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['secret', 'a string of 6 characters'],
    [[], 'an array of 0'],
  ])('refuses %j for a document', async (document, found) => {
    const error = await failure(call(openStore(), document as never));
    expect(error.message).toBe(`${method}: ${root} must be an object, got ${found}`);
  });

  it('refuses a document over maxPayloadBytes, in bytes, that must not be cut', async () => {
    const store = openStore({ maxPayloadBytes: 1500, onOversize: 'reject' });
    const error = await failure(call(store, { ...valid, own: 'é'.repeat(750) } as never));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toMatch(/ must be at most 1500 bytes of JSON \(maxPayloadBytes\), got more$/);
    expect((await store.info()).counts).toEqual(NOTHING);
  });
});

describe('calls with an id', () => {
  const calls: Array<[string, string, (store: SqliteTraceStore, id: never) => Promise<unknown>]> = [
    ['endTrace', 'traceId', (store, id) => store.endTrace(id, { status: 'failed' })],
    ['setApiIO', 'traceId', (store, id) => store.setApiIO(id, {})],
    ['setTraceScores', 'traceId', (store, id) => store.setTraceScores(id, {})],
    ['setTraceTags', 'traceId', (store, id) => store.setTraceTags(id, [])],
    ['getTrace', 'traceId', (store, id) => store.getTrace(id)],
    ['getSpans', 'traceId', (store, id) => store.getSpans(id)],
    ['getSession', 'sessionId', (store, id) => store.getSession(id)],
    ['getConfigSnapshot', 'snapshotId', (store, id) => store.getConfigSnapshot(id)],
  ];

  it.each(calls)('%s refuses a bad %s', async (method, name, call) => {
    const store = openStore();
    for (const [, value, expected, found] of [...missing(name, ID), ...badIds(name)]) {
      const error = await failure(call(store, value as never));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method, field: name });
      expect(error.message).toBe(`${method}: ${name} must be ${expected}, got ${found}`);
    }
  });
});

it.each<[string, (store: SqliteTraceStore) => Promise<void>, string]>([
  [
    'scores',
    (store) => store.setTraceScores('t1', undefined as never),
    'scores must be an object, got undefined',
  ],
  [
    'a score',
    (store) => store.setTraceScores('t1', { a: 1, b: '2' as never }),
    'scores[key 2 of 2] must be a finite number, got a string of 1 characters',
  ],
  ['tags', (store) => store.setTraceTags('t1', null as never), 'tags must be an array, got null'],
  [
    'a tag',
    (store) => store.setTraceTags('t1', ['a', LONE]),
    `tags[1] must be a well-formed string, got ${LONE_FOUND}`,
  ],
  ['io', (store) => store.setApiIO('t1', 'x' as never), 'io must be an object, got a string of 1 characters'],
  [
    'a key of io',
    (store) => store.setApiIO('t1', { apiinput: 1 } as never),
    'io must be an object with known keys, got an unknown key (known: apiInput, apiOutput)',
  ],
])('%s: refused, and the trace stays as it was', async (_name, call, text) => {
  const store = openStore();
  await store.startTrace(trace());
  const before = await store.getTrace('t1');
  const error = await failure(call(store));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(error.message).toBe(`${error.method}: ${text}`);
  expect(await store.getTrace('t1')).toEqual(before);
});

describe('a document that cannot be read', () => {
  it('is refused when a getter of a contract field throws', async () => {
    const document = Object.defineProperty({ ...span() }, 'name', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    const error = await failure(openStore().addSpan(document));
    expect(error.message).toBe('addSpan: span.name must be readable, got a getter that throws');
  });

  it('is refused when its toJSON throws', async () => {
    const result = {
      status: 'failed',
      toJSON() {
        throw new Error('no');
      },
    };
    const error = await failure(openStore().endTrace('t1', result as TraceEndInput));
    expect(error.message).toBe('endTrace: result must be readable, got a toJSON that throws');
  });
});
