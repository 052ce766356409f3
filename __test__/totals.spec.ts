/** Totals: told without counting, never behind what was written, and left out on request. */
import type { TraceFilter } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, openStore, session, snapshot, span, tempFolder, trace } from './support.js';

describe('total: false', () => {
  it('leaves the total out, and nothing else', async () => {
    const store = openStore();
    for (const [i, traceId] of ['a', 'b', 'c'].entries()) {
      await store.startTrace(trace({ traceId, startedAt: at(i), tags: ['x', 'y'] }));
      await store.upsertSession(session({ sessionId: traceId, updatedAt: at(i), tags: ['x', 'y'] }));
    }
    for (const filter of [
      {},
      { userId: 7 },
      { tags: ['x', 'y'] },
      { limit: 2 },
      { limit: 0 },
      { limit: 1, offset: 2 },
    ]) {
      const { total, ...traces } = await store.listTraces({ ...filter, total: true });
      expect(await store.listTraces({ ...filter, total: false })).toStrictEqual(traces);
      const { total: sessions, ...others } = await store.listSessions(filter);
      expect(await store.listSessions({ ...filter, total: false })).toStrictEqual(others);
      expect([total, sessions]).toEqual([3, 3]);
    }
    const since = await store.listTraces({ after: at(1), total: false });
    expect(since.traces.map(({ traceId }) => traceId)).toEqual(['c', 'b']);
    expect(since).not.toHaveProperty('total');
  });

  it('holds for a store that is switched off', async () => {
    const store = openStore({ enabled: false });
    expect(await store.listTraces({ total: false })).toStrictEqual({ traces: [], hasMore: false });
    expect(await store.listSessions({ total: false })).toStrictEqual({ sessions: [], hasMore: false });
    expect(await store.listTraces({})).toStrictEqual({ traces: [], total: 0, hasMore: false });
  });
});

describe('a filter', () => {
  it('shows what a trace is now, not what it was', async () => {
    const store = openStore();
    const count = async (filter: TraceFilter) => (await store.listTraces({ ...filter, limit: 0 })).total;
    await store.startTrace(trace({ tags: ['a'] }));
    expect([await count({ status: 'running' }), await count({ tags: ['a'] })]).toEqual([1, 1]);
    await store.endTrace('t1', { status: 'failed', tags: ['b'] });
    expect([await count({ status: 'running' }), await count({ status: 'failed' })]).toEqual([0, 1]);
    expect([await count({ tags: ['a', 'b'] }), await count({ tags: ['b'], status: 'failed' })]).toEqual([
      1, 1,
    ]);
    await store.setTraceTags('t1', ['c']);
    expect([await count({ tags: ['a'] }), await count({ tags: ['c'] }), await count({})]).toEqual([0, 1, 1]);
  });
});

describe('info().counts', () => {
  it('count each document once, whatever is written again, refused or opened anew', async () => {
    const path = `${tempFolder()}/traces.db`;
    const store = openStore({ path });
    await store.addSpan(span());
    expect((await store.info()).counts).toMatchObject({ traces: 1, spans: 1 });
    await store.startTrace(trace());
    await store.startTrace(trace()).catch(() => undefined);
    await store.addSpan(span({ name: 'again' }));
    await store.addSpan(span({ spanId: 's2' }));
    for (const traceCount of [1, 2]) await store.upsertSession(session({ traceCount }));
    for (let i = 0; i < 2; i++) await store.ensureConfigSnapshot(snapshot());
    const counts = { traces: 1, spans: 2, sessions: 1, configSnapshots: 1 };
    expect((await store.info()).counts).toEqual(counts);
    await store.close();
    expect((await openStore({ path, readonly: true }).info()).counts).toEqual(counts);
  });
});
