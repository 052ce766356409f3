/** Pages: of spans, and of lists that end early; all together are the whole, whatever their size. */
import type { Span, SpanPageOptions, SqliteTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, session, span, trace } from './support.js';

const TEXT = 'a text of some length. '.repeat(500);

async function allSpans(store: SqliteTraceStore, options: SpanPageOptions): Promise<Span[][]> {
  const pages: Span[][] = [];
  let next: string | undefined;
  do {
    const page = await store.getSpans('t1', { ...options, ...(next !== undefined && { cursor: next }) });
    expect(page.hasMore).toBe(page.nextCursor !== undefined);
    pages.push(page.spans);
    next = page.nextCursor;
  } while (next !== undefined);
  return pages;
}

/** Twenty spans, five to a millisecond, each the child of the one that is written after it. */
async function twenty(): Promise<SqliteTraceStore> {
  const store = openStore();
  for (let n = 0; n < 20; n++) {
    const family = { parentSpanId: `s${n + 1}`, startedAt: at(Math.floor(n / 5)) };
    await store.addSpan(span({ spanId: `s${n}`, ...family, input: `${n} ${TEXT}` }));
  }
  return store;
}

describe('getSpans with options', () => {
  it('gives the same spans in pages of any limit, also within a millisecond', async () => {
    const store = await twenty();
    const whole = await store.getSpans('t1');
    expect(whole.slice(0, 6).map(({ spanId }) => spanId)).toEqual(['s4', 's3', 's2', 's1', 's0', 's9']);
    for (const limit of [1, 2, 3, 7, 19, 20, 21]) {
      const pages = await allSpans(store, { limit });
      expect(pages.flat()).toEqual(whole);
      expect(pages).toHaveLength(Math.ceil(20 / limit));
    }
    expect(await store.getSpans('t1', {})).toEqual({ spans: whole, hasMore: false });
    expect(await store.getSpans('nope', {})).toEqual({ spans: [], hasMore: false });
  });

  it('ends a page before the span that passes maxBytes, but never before the first', async () => {
    const store = await twenty();
    const whole = await store.getSpans('t1');
    for (const [maxBytes, count] of [
      [1, 20],
      [30_000, 10],
      [1_000_000, 1],
    ] as const) {
      const pages = await allSpans(store, { maxBytes });
      expect(pages.flat()).toEqual(whole);
      expect(pages, `${maxBytes}`).toHaveLength(count);
    }
  });

  it('shows in all pages what there was at the first', async () => {
    const store = await twenty();
    const whole = await store.getSpans('t1');
    const first = await store.getSpans('t1', { limit: 7 });
    for (const ms of [0, 1, 9])
      await store.addSpan(span({ spanId: `new${ms}`, startedAt: at(ms), parentSpanId: 's5' }));
    const rest = await store.getSpans('t1', { cursor: first.nextCursor as string });
    expect([...first.spans, ...rest.spans]).toEqual(whole);
  });

  it.each([
    [{ limit: 0 }, 'options.limit must be a whole number of spans from 1 to 1000000, got number 0'],
    [{ maxBytes: 0 }, 'options.maxBytes must be a whole number of bytes from 1'],
    [{ cursor: 't1.2' }, 'options.cursor must be the nextCursor of a page of getSpans'],
    [{ cursor: 'p1.2' }, 'options.cursor must be the nextCursor of a page of getSpans'],
    [{ offset: 1 }, 'options.offset must be absent'],
    [null, 'options must be an object'],
  ])('refuses %j by name', async (options, message) => {
    const error = await failure(openStore().getSpans('t1', options as SpanPageOptions));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'getSpans' });
    expect(error.message).toContain(`getSpans: ${message}`);
  });

  it('has cursors that lists refuse', async () => {
    const store = await twenty();
    const { nextCursor } = await store.getSpans('t1', { limit: 1 });
    const { message } = await failure(store.listTraces({ cursor: nextCursor as string }));
    expect(message).toContain('filter.cursor must be the nextCursor of a page of listTraces');
  });

  it('of a store that is switched off is an empty page', async () => {
    expect(await openStore({ enabled: false }).getSpans('t1', {})).toEqual({ spans: [], hasMore: false });
  });
});

describe('a list with maxBytes', () => {
  it('ends early with nextCursor, and the page after it too', async () => {
    const store = openStore();
    for (let n = 0; n < 12; n++) {
      const metadata = { text: `${n} ${TEXT}` };
      await store.startTrace(trace({ traceId: `t${n}`, startedAt: at(n), metadata }));
      await store.upsertSession(session({ sessionId: `c${n}`, updatedAt: at(n), metadata }));
    }
    const traces = await store.listTraces({ maxBytes: 60_000 });
    expect(traces.traces.map(({ traceId }) => traceId)).toEqual(['t11', 't10', 't9', 't8']);
    expect(traces).toMatchObject({ total: 12, hasMore: true });
    const cursor = traces.nextCursor as string;
    const next = await store.listTraces({ maxBytes: 1, cursor });
    expect(next.traces.map(({ traceId }) => traceId)).toEqual(['t7']);
    expect((await store.listTraces({ cursor })).traces).toHaveLength(8);
    const sessions = await store.listSessions({ maxBytes: 60_000, limit: 3 });
    expect(sessions.sessions.map(({ sessionId }) => sessionId)).toEqual(['c11', 'c10', 'c9']);
    expect((await store.listSessions({ maxBytes: 30_000 })).sessions).toHaveLength(2);
  });

  it('refuses a number that is none', async () => {
    const error = await failure(openStore().listTraces({ maxBytes: -1 }));
    expect(error.message).toContain('filter.maxBytes must be a whole number of bytes from 1');
  });
});
