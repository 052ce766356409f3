/** Lists: order, ties, totals, filters in every combination, pages by offset and by cursor. */
import type { SqliteTraceStore, Trace, TraceFilter, TraceInput } from 'tracestore';
import { beforeAll, describe, expect, it } from 'vitest';
import { at, openStore, session, trace } from './support.js';

const ids = (documents: Array<{ traceId: string }>): string[] => documents.map(({ traceId }) => traceId);

describe('the order of listTraces', () => {
  it('is startedAt descending; on a tie the later written comes first', async () => {
    const store = openStore();
    for (const [traceId, ms] of Object.entries({ a: 2, b: 1, c: 2, d: 3, e: 2 })) {
      await store.startTrace(trace({ traceId, startedAt: at(ms) }));
    }
    expect(ids((await store.listTraces()).traces)).toEqual(['d', 'e', 'c', 'a', 'b']);
    // A later change is no later writing of the trace.
    await store.endTrace('a', { status: 'completed' });
    expect(ids((await store.listTraces()).traces)).toEqual(['d', 'e', 'c', 'a', 'b']);
  });

  it('carries whole documents', async () => {
    const store = openStore();
    await store.startTrace(trace({ metadata: { a: 1 } }));
    expect((await store.listTraces()).traces).toEqual([await store.getTrace('t1')]);
  });
});

describe('the pages of listTraces', () => {
  async function sixty(): Promise<SqliteTraceStore> {
    const store = openStore();
    const starts = Array.from({ length: 60 }, (_, i) => trace({ traceId: `t${i}`, startedAt: at(i >> 1) }));
    await Promise.all(starts.map((start) => store.startTrace(start)));
    return store;
  }

  it('have 50 traces by default', async () => {
    const page = await (await sixty()).listTraces({});
    expect(page.traces).toHaveLength(50);
    expect(page).toMatchObject({ total: 60, hasMore: true, nextCursor: expect.any(String) });
  });

  it('by offset join without gap or double; hasMore is true exactly while another follows', async () => {
    const store = await sixty();
    const all = ids((await store.listTraces({ limit: 1000 })).traces);
    expect(all).toHaveLength(60);
    for (const limit of [1, 20, 25, 60, 61]) {
      const seen: string[] = [];
      for (let offset = 0; ; offset += limit) {
        const page = await store.listTraces({ limit, offset });
        seen.push(...ids(page.traces));
        expect(page.total).toBe(60);
        expect(page.hasMore).toBe(offset + limit < 60);
        expect(page.nextCursor !== undefined).toBe(page.hasMore);
        if (!page.hasMore) break;
      }
      expect(seen).toEqual(all);
    }
  });

  it('by cursor are the same, and stay where they are while traces are added', async () => {
    const store = await sixty();
    const all = ids((await store.listTraces({ limit: 1000 })).traces);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let added = 0; ; added++) {
      const page = await store.listTraces(cursor === undefined ? { limit: 7 } : { limit: 7, cursor });
      seen.push(...ids(page.traces));
      expect(page.total).toBe(60 + added);
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
      await store.startTrace(trace({ traceId: `new${added}`, startedAt: at(1000 + added) }));
    }
    expect(seen).toEqual(all);
  });

  it('of no trace only count', async () => {
    const store = await sixty();
    expect(await store.listTraces({ limit: 0 })).toMatchObject({ traces: [], total: 60, hasMore: true });
    expect(await store.listTraces({ offset: 60 })).toEqual({ traces: [], total: 60, hasMore: false });
    expect(await store.listTraces({ offset: 10_000 })).toEqual({ traces: [], total: 60, hasMore: false });
    expect(await openStore().listTraces({ limit: 0 })).toEqual({ traces: [], total: 0, hasMore: false });
  });
});

describe('the filters of listTraces', () => {
  const given: TraceInput[] = [];
  const ends = new Map<string, 'completed' | 'failed' | 'timeout'>();
  const statuses = ['completed', 'failed', 'timeout', undefined] as const;
  for (let i = 0; i < 96; i++) {
    const traceId = `t${i}`;
    given.push(
      trace({
        traceId,
        agentName: ['planner', 'writer'][i % 2] as string,
        userId: [7, 8, 8.5][i % 3] as number,
        tags: [['a'], ['b', 'a'], ['c'], []][(i >> 1) % 4] as string[],
        startedAt: at((i % 12) * 10),
        ...(i % 5 < 3 ? { sessionId: `c${i % 5}` } : {}),
      }),
    );
    const status = statuses[(i >> 2) % 4];
    if (status !== undefined) ends.set(traceId, status);
  }

  // One store for all cases: it is only read.
  let store: SqliteTraceStore;
  beforeAll(async () => {
    const { SqliteTraceStore: Store } = await import('tracestore');
    store = new Store({ path: ':memory:' });
    for (const start of given) await store.startTrace(start);
    for (const [traceId, status] of ends) await store.endTrace(traceId, { status });
    return () => store.close();
  });

  function expected(filter: TraceFilter): string[] {
    const matches = (start: TraceInput): boolean => {
      const time = start.startedAt?.getTime() ?? 0;
      return (
        (filter.agentName === undefined || start.agentName === filter.agentName) &&
        (filter.sessionId === undefined || start.sessionId === filter.sessionId) &&
        (filter.userId === undefined || start.userId === filter.userId) &&
        (filter.status === undefined || (ends.get(start.traceId) ?? 'running') === filter.status) &&
        (filter.tags ?? []).every((tag) => start.tags?.includes(tag)) &&
        (filter.after === undefined || time >= filter.after.getTime()) &&
        (filter.before === undefined || time < filter.before.getTime())
      );
    };
    const found = given.filter(matches).toReversed();
    return ids(found.toSorted((a, b) => (b.startedAt?.getTime() ?? 0) - (a.startedAt?.getTime() ?? 0)));
  }

  const single: TraceFilter[] = [
    { agentName: 'writer' },
    { sessionId: 'c1' },
    { userId: 8 },
    { status: 'running' },
    { tags: ['a'] },
    { after: at(30) },
    { before: at(70) },
  ];
  const combined = Array.from({ length: 2 ** single.length }, (_, bits): TraceFilter =>
    Object.assign({}, ...single.filter((_filter, i) => (bits >> i) & 1)),
  );

  it('combine, each with each other', async () => {
    for (const filter of combined) {
      const page = await store.listTraces({ ...filter, limit: 1000 });
      expect(ids(page.traces), JSON.stringify(filter)).toEqual(expected(filter));
      expect(page.total).toBe(page.traces.length);
    }
  });

  it.each<[string, TraceFilter]>([
    ['all tags', { tags: ['a', 'b'] }],
    ['a tag twice', { tags: ['a', 'a'] }],
    ['a tag nobody has', { tags: ['a', 'zzz'] }],
    ['no tags', { tags: [] }],
    ['a fractional userId', { userId: 8.5 }],
    ['an unknown agent', { agentName: 'nobody' }],
    ['an empty agent name', { agentName: '' }],
    ['after, inclusive', { after: at(110) }],
    ['before, exclusive', { before: at(10) }],
    ['an empty interval', { after: at(50), before: at(50) }],
    ['ends of time', { after: new Date(-8.64e15), before: new Date(8.64e15) }],
    ['a year beyond nanoseconds', { before: new Date('9999-12-31') }],
    ['an undefined field', { status: undefined } as object],
  ])('%s', async (_name, filter) => {
    const page = await store.listTraces({ ...filter, limit: 1000 });
    expect(ids(page.traces)).toEqual(expected(filter));
  });

  it('count exactly on every page', async () => {
    const filter: TraceFilter = { agentName: 'planner', tags: ['a'] };
    const wanted = expected(filter);
    const seen: Trace[] = [];
    let page = await store.listTraces({ ...filter, limit: 5 });
    while (true) {
      seen.push(...page.traces);
      expect(page.total).toBe(wanted.length);
      if (page.nextCursor === undefined) break;
      page = await store.listTraces({ ...filter, limit: 5, cursor: page.nextCursor });
    }
    expect(ids(seen)).toEqual(wanted);
  });
});

describe('listSessions', () => {
  it('is updatedAt descending with filters, totals, offsets and cursors', async () => {
    const store = openStore();
    const order = [3, 1, 2, 3, 0, 3];
    for (const [i, ms] of order.entries()) {
      await store.upsertSession(
        session({ sessionId: `c${i}`, updatedAt: at(ms), userId: i % 2, tags: i < 3 ? ['x', 'y'] : ['y'] }),
      );
    }
    const names = async (filter: object) => {
      const page = await store.listSessions(filter);
      return [page.sessions.map(({ sessionId }) => sessionId).join(' '), page.total, page.hasMore];
    };
    expect(await names({})).toEqual(['c5 c3 c0 c2 c1 c4', 6, false]);
    expect(await names({ userId: 0 })).toEqual(['c0 c2 c4', 3, false]);
    expect(await names({ tags: ['y', 'x'] })).toEqual(['c0 c2 c1', 3, false]);
    expect(await names({ userId: 1, tags: ['y'] })).toEqual(['c5 c3 c1', 3, false]);
    expect(await names({ limit: 2, offset: 1 })).toEqual(['c3 c0', 6, true]);
    const { nextCursor } = await store.listSessions({ limit: 2 });
    expect(await names({ limit: 2, cursor: nextCursor })).toEqual(['c0 c2', 6, true]);
    expect(await names({ limit: 0 })).toEqual(['', 6, true]);
  });

  it('moves a session that is updated to the front', async () => {
    const store = openStore();
    await store.upsertSession(session({ sessionId: 'a', updatedAt: at(1) }));
    await store.upsertSession(session({ sessionId: 'b', updatedAt: at(2) }));
    await store.upsertSession(session({ sessionId: 'a', updatedAt: at(3) }));
    const { sessions, total } = await store.listSessions();
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual(['a', 'b']);
    expect(total).toBe(2);
  });
});
