/** Sessions that traces name and nobody upserted: there from the first trace on, following it and those after it. */
import type { Session, SqliteTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, session, span, T0, trace } from './support.js';

const read = (store: Pick<SqliteTraceStore, 'getSession'>, id = 'c1') => store.getSession(id);

/** Fields of a root span that the contract doesn't know. */
const named = (sessionId: string, fields: object = {}): object => ({ sessionId, ...fields });

/** How many sessions there are, by all that counts them. */
async function counted(store: SqliteTraceStore): Promise<unknown[]> {
  const { tenants } = await store.listTenants();
  return [
    (await store.info()).counts.sessions,
    (await store.listSessions({ limit: 0 })).total,
    tenants.reduce((sum, { counts }) => sum + counts.sessions, 0),
    (await store.verify()).counts.sessions,
  ];
}

/** As it reads while it follows one trace of `trace()`. */
function followed(fields: Partial<Session> = {}): Session {
  return session({ createdAt: T0, updatedAt: T0, traceCount: 1, tags: [], ...fields });
}

describe('a session that a trace names', () => {
  it('is read, listed and counted as its first trace and the times of all tell', async () => {
    const store = openStore();
    await store.startTrace(trace({ traceId: 'late', sessionId: 'c1', startedAt: at(50), userId: 1 }));
    await store.startTrace(trace({ sessionId: 'c1', startedAt: at(5), endUserId: 'ann', tags: ['x'] }));
    await store.startTrace(trace({ traceId: 'tie', sessionId: 'c1', startedAt: at(5), userId: 2 }));
    await store.startTrace(trace({ traceId: 'alone' }));
    const expected = followed({ createdAt: at(5), updatedAt: at(50), endUserId: 'ann', traceCount: 3 });
    expect(await read(store)).toEqual(expected);
    await store.endTrace('t1', { status: 'completed', completedAt: at(900) });
    const ended = { ...expected, updatedAt: at(900) };
    expect(await read(store)).toEqual(ended);
    for (const filter of [{}, { userId: 7 }, { endUserId: 'ann' }, { userId: 7, endUserId: 'ann' }])
      expect(await store.listSessions(filter)).toEqual({ sessions: [ended], total: 1, hasMore: false });
    for (const filter of [{ userId: 1 }, { userId: 2 }, { endUserId: 'bob' }, { tags: ['x'] }])
      expect(await store.listSessions(filter)).toMatchObject({ sessions: [], total: 0 });
    expect(await counted(store)).toEqual([1, 1, 1, 1]);
  });

  it('exists by ensureTrace and by a root span, and reads 0 for the users that they do not tell', async () => {
    const store = openStore();
    await store.ensureTrace({ traceId: 'told', sessionId: 'c1', startedAt: T0 });
    await store.addSpan(span({ ...named('c2', { userId: 3 }), durationMs: 20 }));
    await store.addSpan(span({ traceId: 'below', parentSpanId: 'root', ...named('c3') }));
    const unknown = { userId: 0, auditingId: 0 };
    expect(await read(store)).toEqual(followed(unknown));
    expect(await read(store, 'c2')).toEqual(
      followed({ ...unknown, sessionId: 'c2', userId: 3, updatedAt: at(20) }),
    );
    expect(await read(store, 'c3')).toBeNull();
    expect(await store.listSessions({ userId: 0 })).toMatchObject({ total: 0 });
    expect(await store.listSessions({ userId: 3 })).toMatchObject({ total: 1 });
    await store.ensureTrace({ traceId: 'told', userId: 8, auditingId: 9 });
    expect(await read(store)).toEqual(followed({ userId: 8, auditingId: 9 }));
    expect(await store.listSessions({ userId: 8 })).toMatchObject({ total: 1 });
    expect(await counted(store)).toEqual([2, 2, 2, 2]);
  });

  it('is listed by its latest start or end, page by page', async () => {
    const store = openStore();
    for (const [n, start] of [3, 1, 2, 3].entries())
      await store.startTrace(trace({ traceId: `t${n}`, sessionId: `c${n}`, startedAt: at(start) }));
    await store.upsertSession(session({ sessionId: 'upserted', updatedAt: at(2) }));
    const names = async () => {
      const found = [];
      for (let cursor: string | undefined, more = true; more;) {
        const page = await store.listSessions({ limit: 2, ...(cursor !== undefined && { cursor }) });
        found.push(...page.sessions.map(({ sessionId }) => sessionId));
        ({ nextCursor: cursor, hasMore: more } = page);
      }
      return found.join(' ');
    };
    // Ties by the later written, of those that follow traces by their first.
    expect(await names()).toBe('c3 c0 upserted c2 c1');
    await store.endTrace('t1', { status: 'completed', completedAt: at(9) });
    expect(await names()).toBe('c1 c3 c0 upserted c2');
  });
});

describe('when a trace changes', () => {
  it('its session follows: the end moves back, the start and the user are corrected', async () => {
    const store = openStore();
    await store.startTrace(trace({ sessionId: 'c1' }));
    await store.startTrace(trace({ traceId: 'second', sessionId: 'c1', startedAt: at(10), userId: 1 }));
    for (const [end, latest] of [
      [90, 90],
      [40, 40],
      [4, 10],
    ] as const) {
      await store.endTrace('t1', { status: 'completed', completedAt: at(end) });
      expect((await read(store))?.updatedAt).toEqual(at(latest));
    }
    await store.ensureTrace({ traceId: 'second', startedAt: at(-5), userId: 2 });
    expect(await read(store)).toEqual(
      followed({ createdAt: at(-5), updatedAt: at(4), userId: 2, traceCount: 2 }),
    );
    await store.ensureTrace({ traceId: 'second', startedAt: at(20) });
    expect(await read(store)).toEqual(followed({ updatedAt: at(20), traceCount: 2 }));
    expect(await store.listSessions({ userId: 2 })).toMatchObject({ total: 0 });
    expect((await store.verify()).problems).toEqual([]);
  });

  it('and leaves for another session, that takes it in, and the one that it was the last of is gone', async () => {
    const store = openStore();
    await store.startTrace(trace({ sessionId: 'c1' }));
    await store.startTrace(trace({ traceId: 'second', sessionId: 'c1', startedAt: at(10), userId: 1 }));
    await store.ensureTrace({ traceId: 't1', sessionId: 'c2' });
    expect(await read(store)).toEqual(followed({ createdAt: at(10), updatedAt: at(10), userId: 1 }));
    expect(await read(store, 'c2')).toEqual(followed({ sessionId: 'c2' }));
    expect(await counted(store)).toEqual([2, 2, 2, 2]);
    await store.ensureTrace({ traceId: 'second', sessionId: 'c2' });
    expect(await read(store)).toBeNull();
    expect((await read(store, 'c2'))?.traceCount).toBe(2);
    expect(await store.listSessions({ userId: 1 })).toMatchObject({ sessions: [], total: 0 });
    expect(await counted(store)).toEqual([1, 1, 1, 1]);
    expect((await store.verify()).problems).toEqual([]);
  });

  it('because another root span is first, its sessions follow', async () => {
    const store = openStore();
    await store.addSpan(span({ spanId: 'b', startedAt: at(2), ...named('c1') }));
    expect(await read(store)).not.toBeNull();
    await store.addSpan(span({ spanId: 'a', startedAt: at(1), durationMs: 7, ...named('c2') }));
    expect(await read(store)).toBeNull();
    expect(await read(store, 'c2')).toMatchObject({ createdAt: at(1), updatedAt: at(8) });
    await store.startTrace(trace({ sessionId: 'c1' }));
    expect([await read(store), await read(store, 'c2')]).toEqual([followed(), null]);
  });
});

describe('upsertSession', () => {
  it('ends that: the session is what was given, as if nothing had been there', async () => {
    const store = openStore();
    const given = session({ createdAt: at(30), updatedAt: at(40), userId: 5, metadata: { a: 1 } });
    await store.startTrace(trace({ sessionId: 'c1', endUserId: 'ann' }));
    expect((await failure(store.upsertSession(given, { ifVersion: 1 }))).message).toContain(
      'session "c1" has version 0, not 1',
    );
    await store.upsertSession(given, { ifVersion: 0 });
    const expected = { ...given, traceCount: 1 };
    expect(await read(store)).toEqual(expected);
    await store.startTrace(trace({ traceId: 'early', sessionId: 'c1', startedAt: at(-9) }));
    await store.endTrace('t1', { status: 'completed', completedAt: at(900) });
    expect(await read(store)).toEqual({ ...expected, traceCount: 2 });
    for (const [filter, total] of [
      [{ userId: 7 }, 0],
      [{ endUserId: 'ann' }, 0],
      [{ userId: 5 }, 1],
    ] as const)
      expect((await store.listSessions(filter)).total).toBe(total);
    expect(await counted(store)).toEqual([1, 1, 1, 1]);
    await store.ensureTrace({ traceId: 'early', sessionId: 'c2' });
    await store.upsertSession(given, { ifVersion: 1 });
    expect(await read(store)).toEqual(expected);
    expect((await store.verify()).problems).toEqual([]);
  });

  it('may come before the traces, which change nothing then', async () => {
    const store = openStore();
    await store.upsertSession(session());
    await store.startTrace(trace({ sessionId: 'c1', startedAt: at(-50), userId: 1 }));
    expect(await read(store)).toEqual(session({ traceCount: 1 }));
    // The last of its traces leaves, and it stays.
    await store.ensureTrace({ traceId: 't1', sessionId: 'c2' });
    expect(await read(store)).toEqual(session());
    expect(await counted(store)).toEqual([2, 2, 2, 2]);
  });
});

it('a batch that is refused makes no session, and takes none away', async () => {
  const store = openStore();
  await store.startTrace(trace({ traceId: 'known', sessionId: 'c1' }));
  const twice = [trace({ sessionId: 'c2' }), trace({ sessionId: 'c2' })];
  expect((await failure(store.batchCreate({ traces: twice }))).code).toBe('ALREADY_EXISTS');
  expect(await read(store, 'c2')).toBeNull();
  expect(await counted(store)).toEqual([1, 1, 1, 1]);
});

it('the sessions of tenants are their own', async () => {
  const store = openStore();
  const [acme, other] = [store.forTenant('acme'), store.forTenant('other')];
  await acme.startTrace(trace({ sessionId: 'c1', userId: 1 }));
  await other.startTrace(trace({ sessionId: 'c1', userId: 2, startedAt: at(9) }));
  expect(await read(store)).toBeNull();
  expect(await read(acme)).toEqual(followed({ userId: 1 }));
  expect(await read(other)).toEqual(followed({ userId: 2, createdAt: at(9), updatedAt: at(9) }));
  await other.upsertSession(session({ userId: 3 }));
  expect(await read(acme)).toEqual(followed({ userId: 1 }));
  await acme.ensureTrace({ traceId: 't1', sessionId: 'c2' });
  expect(await read(acme)).toBeNull();
  const { tenants } = await store.listTenants();
  expect(tenants.map(({ counts }) => counts.sessions)).toEqual([1, 1]);
  expect((await store.verify()).problems).toEqual([]);
});
