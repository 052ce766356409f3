/** Documents that carry one hostile text in every field that takes a text, and what must come back of them. */
import type { SqliteTraceStore } from 'tracestore';
import { expect } from 'vitest';
import { at, session, snapshot, span, trace } from '../support.js';

/** What means something to SQL, to JSON, to the file's own formats, or to JavaScript's objects. */
export const FRAGMENTS = [
  `'; drop table trace; --`,
  `" or 1=1; vacuum; --`,
  `x' union select sql from sqlite_schema --`,
  '?1 :tag0 @p $limit',
  '%_*?[a-z]',
  'NULL',
  '-0',
  '","status":"failed","x":"',
  '}]],"docs":[',
  '[0,1]',
  '\u0001\u00010\u0001',
  '\\u0000\\" \\',
  'a\0b',
  '\u2028\ufeff\u202e',
  '__proto__',
  'constructor',
  'toString',
  '[Circular]',
  ':memory:',
  '../../etc/passwd',
  '${process.exit()}',
];

const deep = (text: string): object => ({ [text]: [{ [text]: text }, text.repeat(100)], text });

function hostileTrace(text: string, n: number) {
  return trace({
    traceId: text,
    agentName: text,
    agentVersion: text,
    sessionId: text,
    configSnapshotId: text,
    parentTraceId: text,
    startedAt: at(n),
    tags: [text, 'hostile'],
    input: { prompt: text, parameters: { [text]: text }, history: [{ role: text, content: text }] },
    apiInput: deep(text),
    metadata: own(text, deep(text)),
  });
}

/** Writes one document of each kind with the text wherever a text may be. */
export async function record(store: SqliteTraceStore, text: string, n: number): Promise<void> {
  await store.upsertSession(session({ sessionId: text, tags: [text], metadata: own(text, text) }));
  await store.ensureConfigSnapshot(
    snapshot({ snapshotId: text, agentName: text, model: text, prompts: own(text, text) }),
  );
  await store.startTrace(hostileTrace(text, n));
  await store.addSpan(
    span({
      traceId: text,
      spanId: text,
      parentSpanId: text,
      name: text,
      error: text,
      input: deep(text),
      output: text,
      metadata: own(text, text),
      genAiAttributes: own(text, text),
    }),
  );
  await store.setTraceScores(text, own(text, n));
  await store.endTrace(text, {
    status: 'completed',
    output: { success: true, data: deep(text), error: text, toolsUsed: [text] },
    apiOutput: deep(text),
  });
}

/** All of it is there, and is found by it. */
export async function checkRecorded(store: SqliteTraceStore, text: string, n: number): Promise<void> {
  const stored = await store.getTrace(text);
  expect(stored).toMatchObject(hostileTrace(text, n));
  expect(stored?.output).toEqual({ success: true, data: deep(text), error: text, toolsUsed: [text] });
  expect(stored?.apiOutput).toEqual(deep(text));
  expect(Object.entries(stored?.scores ?? {})).toEqual([[text, n]]);
  for (const filter of [{ agentName: text }, { sessionId: text }, { tags: [text, 'hostile'] }]) {
    const { traces, total } = await store.listTraces(filter);
    expect([total, traces[0]?.traceId]).toEqual([1, text]);
  }
  const [first, ...others] = await store.getSpans(text);
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    spanId: text,
    parentSpanId: text,
    name: text,
    error: text,
    output: text,
  });
  expect(first?.input).toEqual(deep(text));
  expect(Object.entries(first?.genAiAttributes ?? {})).toEqual([[text, text]]);
  expect(await store.getSession(text)).toMatchObject({ sessionId: text, tags: [text] });
  expect((await store.listSessions({ tags: [text] })).total).toBe(1);
  expect(Object.entries((await store.getConfigSnapshot(text))?.prompts ?? {})).toEqual([[text, text]]);
}

/** An object with an own property of this name, whatever the name means. */
export function own<T>(key: string, value: T): Record<string, T> {
  return JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`) as Record<string, T>;
}
