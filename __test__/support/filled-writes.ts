/** Every write with a document that is filled in at every field that the contract names. */
import type { SqliteTraceStore } from 'tracestore';
import { at, session, snapshot, span, trace } from '../support.js';
import { begun, IDS } from './live.js';

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
      links: [{ to: { traceId: 't0', spanId: 's0' }, type: 'x', attributes: {} }],
      metadata: {},
    }),
    (store, document) => store.addSpan(document as never),
  ],
  [
    'addStep',
    {
      step: {
        type: 'tool_call',
        toolName: 'n',
        arguments: {},
        result: {},
        durationMs: 1,
        content: 'c',
        message: 'm',
      },
      spanId: 's2',
      parentSpanId: 's0',
      startedAt: at(0),
      durationMs: 1,
      tags: ['a'],
      metadata: {},
    },
    (store, document) => store.addStep('t1', memberOf(document, 'step'), optionsIn(document)),
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
  [
    'addEvents',
    [{ name: 'n', time: at(0), timeNs: '1', attributes: {} }],
    (store, document) => store.addEvents(...IDS, document as never),
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
    {
      spans: [span({ input: {} })],
      steps: [{ traceId: 't1', step: { type: 'thought', content: 'c' }, metadata: {} }],
      scores: [{ traceId: 't1', name: 'n', value: 1, metadata: {} }],
    },
    async (store, document) => void (await store.batchCreate(document)),
  ],
  [
    'the id of a write',
    { id: 't1' },
    (store, document) => store.setTraceTags(memberOf(document, 'id'), ['a']),
  ],
  [
    'the id of a read',
    { id: 't1' },
    async (store, document) => void (await store.getTrace(memberOf(document, 'id'))),
  ],
];

/** Without asking a getter. */
function memberOf(document: object, name: string): never {
  return Object.getOwnPropertyDescriptor(document, name)?.value as never;
}

/** Without the keys that `addStep` refuses by their names: a developer writes them, as those of all options. */
function optionsIn(document: object): object {
  const { spanId, parentSpanId, startedAt, durationMs, tags, metadata } = Object.getOwnPropertyDescriptors(
    document,
  ) as Record<string, PropertyDescriptor>;
  const options = { spanId, parentSpanId, startedAt, durationMs, tags, metadata };
  const given = Object.entries(options).filter(([, option]) => option !== undefined);
  return Object.defineProperties({}, Object.fromEntries(given) as PropertyDescriptorMap);
}

type Write = (store: SqliteTraceStore, document: object) => Promise<unknown>;
