/** What the specs share: stores in folders of their own, small valid documents, and checks of errors. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import {
  SqliteTraceStore,
  TraceStoreError,
  type ConfigSnapshot,
  type Session,
  type SpanInput,
  type SqliteTraceStoreOptions,
  type StoreInfo,
  type TraceInput,
} from 'tracestore';

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tracestore-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store in a folder of its own; both are gone after the test. */
export function openStore(options: Partial<SqliteTraceStoreOptions> = {}): SqliteTraceStore {
  const store = new SqliteTraceStore({ path: join(tempFolder(), 'traces.db'), ...options });
  onTestFinished(() => store.close());
  return store;
}

export const T0 = new Date('2026-01-02T03:04:05.678Z');

/** T0 and some milliseconds. */
export function at(ms: number): Date {
  return new Date(T0.getTime() + ms);
}

export function trace(fields: Partial<TraceInput> = {}): TraceInput {
  return {
    traceId: 't1',
    agentName: 'planner',
    agentVersion: '1.2.3',
    input: { prompt: 'hello', parameters: { depth: 2 } },
    userId: 7,
    auditingId: 70,
    startedAt: T0,
    ...fields,
  };
}

export function span(fields: Partial<SpanInput> = {}): SpanInput {
  return {
    spanId: 's1',
    traceId: 't1',
    kind: 'llm',
    name: 'chat',
    status: 'ok',
    startedAt: T0,
    durationMs: 12.5,
    ...fields,
  };
}

export function session(fields: Partial<Session> = {}): Session {
  return {
    schemaVersion: 1,
    sessionId: 'c1',
    userId: 7,
    auditingId: 70,
    createdAt: T0,
    updatedAt: at(1000),
    traceCount: 0,
    tags: ['support'],
    ...fields,
  };
}

export function snapshot(fields: Partial<ConfigSnapshot> = {}): ConfigSnapshot {
  return {
    schemaVersion: 1,
    snapshotId: 'cfg1',
    agentName: 'planner',
    agentVersion: '1.2.3',
    model: 'gemini-2',
    modelParams: { temperature: 0.5, maxOutputTokens: 1024, responseMimeType: 'text/plain' },
    prompts: { system: 'Be brief.' },
    tags: ['prod'],
    createdAt: T0,
    ...fields,
  };
}

/** The error that a promise is rejected with, which must be one of ours. */
export async function failure(promise: Promise<unknown>): Promise<TraceStoreError> {
  const error: unknown = await promise.then(
    () => 'resolved',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TraceStoreError);
  return error as TraceStoreError;
}

/** The error that a constructor throws, which must be one of ours. */
export function thrown(make: () => unknown): TraceStoreError {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(TraceStoreError);
    return error as TraceStoreError;
  }
  throw new Error('nothing was thrown');
}

export const NOTHING: StoreInfo['counts'] = { traces: 0, spans: 0, sessions: 0, configSnapshots: 0 };

/** A copy without one field. */
export function without(object: object, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
