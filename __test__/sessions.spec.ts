/** Sessions and config snapshots through the contract. */
import type { Session } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, openStore, session, snapshot, T0, trace } from './support.js';

describe('upsertSession', () => {
  it('stores every field', async () => {
    const store = openStore();
    const given = { ...session({ tags: ['b', 'a'], metadata: { a: [1] } }), own: { x: null } };
    await store.upsertSession(given);
    expect(await store.getSession('c1')).toEqual(given);
    expect(await store.getSession('nope')).toBeNull();
  });

  it('updates what it is given, and keeps the earliest createdAt and the latest updatedAt', async () => {
    const store = openStore();
    const first = { createdAt: at(50), updatedAt: at(900), metadata: { a: 1, b: 1 } };
    await store.upsertSession({ ...session(first), own: 'kept' } as Session);
    await store.upsertSession(session({ createdAt: at(10), updatedAt: at(100), userId: 8, tags: ['new'] }));
    await store.upsertSession(
      session({ createdAt: at(70), updatedAt: at(200), userId: 8, tags: ['new'], metadata: { b: 2 } }),
    );
    expect(await store.getSession('c1')).toEqual({
      ...session({
        createdAt: at(10),
        updatedAt: at(900),
        userId: 8,
        tags: ['new'],
        metadata: { a: 1, b: 2 },
      }),
      own: 'kept',
    });
  });

  it('counts the traces recorded with it, if they are more than it says', async () => {
    const store = openStore();
    await store.upsertSession(session({ traceCount: 1 }));
    expect((await store.getSession('c1'))?.traceCount).toBe(1);
    for (const traceId of ['a', 'b', 'c']) await store.startTrace(trace({ traceId, sessionId: 'c1' }));
    await store.startTrace(trace({ traceId: 'd', sessionId: 'other' }));
    expect((await store.getSession('c1'))?.traceCount).toBe(3);
    expect((await store.listSessions()).sessions[0]?.traceCount).toBe(3);
    await store.upsertSession(session({ traceCount: 9 }));
    expect((await store.getSession('c1'))?.traceCount).toBe(9);
  });
});

describe('ensureConfigSnapshot', () => {
  it('stores every field', async () => {
    const store = openStore();
    const given = {
      ...snapshot({
        responseSchemas: { answer: { type: 'object' } },
        store: 'kb-1',
        groundingConfig: { threshold: 0.5 },
        executionPlan: ['a', { b: null }],
        source: { gitSha: 'abc', deployedAt: '2026-01-01', promptsPath: 'prompts/' },
      }),
      own: [true],
    };
    await store.ensureConfigSnapshot(given);
    expect(await store.getConfigSnapshot('cfg1')).toEqual(given);
    expect(await store.getConfigSnapshot('nope')).toBeNull();
  });

  it('with a known id does nothing, whatever it carries', async () => {
    const store = openStore();
    await store.ensureConfigSnapshot(snapshot());
    await store.ensureConfigSnapshot(snapshot({ model: 'other', createdAt: T0, tags: ['x'] }));
    expect(await store.getConfigSnapshot('cfg1')).toEqual(snapshot());
    expect((await store.info()).counts.configSnapshots).toBe(1);
  });
});
