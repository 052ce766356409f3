/** Tenants: each has a store of its own in the same file, and no method reaches into another's. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FailedOperation, RedactWhere, TenantTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { at, failure, openStore, session, snapshot, span, tempFolder, thrown, trace } from './support.js';
import { fill } from './support/attempts.js';

describe('a tenant', () => {
  it('has the same ids as others, in one batch too', async () => {
    const store = openStore();
    const tenants = ['', 'b', 'a', 'é', 'b'].map((name) => [name, store.forTenant(name)] as const);
    const writes = tenants
      .slice(0, 4)
      .flatMap(([name, tenant]) => [
        tenant.startTrace(trace({ agentName: `of ${name}` })),
        tenant.addSpan(span({ output: `of ${name}` })),
        tenant.endTrace('t1', { status: 'completed', output: { success: true, data: name } }),
      ]);
    await Promise.all(writes);
    for (const [name, tenant] of tenants) {
      expect(await tenant.getTrace('t1')).toMatchObject({ agentName: `of ${name}`, output: { data: name } });
      expect(await tenant.getSpans('t1')).toMatchObject([{ output: `of ${name}` }]);
      expect(await tenant.listTraces({ userId: 7 })).toMatchObject({
        total: 1,
        traces: [{ agentName: `of ${name}` }],
      });
    }
  });

  it('keeps writes that are larger than the pool, and those beside them', async () => {
    const store = openStore();
    const large = randomBytes(1 << 20).toString('hex');
    for (const name of ['', 'a', '', 'a'.repeat(512)])
      void store.forTenant(name).addSpan(span({ output: `${name} ${large}` }));
    void store.addSpan(span({ spanId: 's2', output: 'small' }));
    expect(await store.forTenant('a').getSpans('t1')).toMatchObject([{ output: `a ${large}` }]);
    expect(await store.forTenant('a'.repeat(512)).getSpans('t1')).toHaveLength(1);
    expect(await store.getSpans('t1')).toMatchObject([{ output: ` ${large}` }, { output: 'small' }]);
  });

  it('may have any name', async () => {
    const store = openStore();
    const names = [
      '@',
      '%',
      '%41',
      'A',
      'a@b',
      'a.b',
      ' ',
      '\0',
      '\u0001\u0004',
      '"',
      "it's",
      'é😀',
      '__proto__',
      'x'.repeat(512),
    ];
    for (const name of names) {
      const tenant = store.forTenant(name);
      for (const [n, traceId] of ['t1', 't2'].entries())
        await tenant.startTrace(trace({ traceId, agentName: name, startedAt: at(n) }));
      const { traces, nextCursor } = await tenant.listTraces({ limit: 1 });
      const rest = await tenant.listTraces({ limit: 1, cursor: nextCursor as string });
      expect([...traces, ...rest.traces].map(({ traceId, agentName }) => [traceId, agentName])).toEqual([
        ['t2', name],
        ['t1', name],
      ]);
    }
    const { tenants } = await store.listTenants();
    expect(tenants.map(({ tenantId }) => tenantId).toSorted()).toEqual(names.toSorted());
  });

  it('is refused where its name is no id', () => {
    const store = openStore();
    for (const name of [5, null, undefined, {}, 'x'.repeat(513), '\ud800']) {
      const error = thrown(() => store.forTenant(name as never));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'forTenant', field: 'tenantId' });
    }
  });
});

describe('a view', () => {
  it('of the empty name is the store itself', () => {
    const store = openStore();
    expect(store.forTenant('')).toBe(store);
  });

  it('costs nothing until it is used', async () => {
    const path = join(tempFolder(), 'traces.db');
    const store = openStore({ path });
    const views = Array.from({ length: 1000 }, (_, n) => store.forTenant(`tenant ${n % 10}`));
    expect(existsSync(path)).toBe(false);
    await Promise.all(views.map((view, n) => view.addSpan(span({ spanId: `s${n}` }))));
    expect(await store.forTenant('tenant 3').getSpans('t1')).toHaveLength(100);
    expect((await store.info()).counts.spans).toBe(1000);
  });

  it('of a store that is switched off is empty', async () => {
    const store = openStore({ enabled: false });
    await fill(store.forTenant('a'), 'word');
    expect(await store.forTenant('a').getTrace('t1')).toBeNull();
    expect(await store.listTenants()).toEqual({ tenants: [], hasMore: false });
  });
});

describe('cursors', () => {
  it('are refused by name in another tenant', async () => {
    const store = openStore();
    await fill(store, 'x');
    await fill(store.forTenant('a'), 'x');
    const pages: Array<
      [field: string, page: (store: TenantTraceStore, cursor?: string) => Promise<{ nextCursor?: string }>]
    > = [
      ['filter.cursor', (of, cursor) => of.listTraces({ limit: 1, ...(cursor && { cursor }) })],
      ['filter.cursor', (of, cursor) => of.listSessions({ limit: 1, ...(cursor && { cursor }) })],
      ['options.cursor', (of, cursor) => of.getSpans('t1', { limit: 1, ...(cursor && { cursor }) })],
    ];
    const [own, a, b] = [store, store.forTenant('a'), store.forTenant('b')];
    for (const [field, page] of pages) {
      const ofStore = (await page(own)).nextCursor as string;
      const ofA = (await page(a)).nextCursor as string;
      const refused = [
        [b, ofA, 'a page of tenant "b", got one of tenant "a"'],
        [own, ofA, 'a page of the store itself, got one of tenant "a"'],
        [a, ofStore, 'a page of tenant "a", got one of the store itself'],
        [a, `${ofStore}@%`, 'got one of tenant "%"'],
      ] as const;
      for (const [view, cursor, words] of refused) {
        const error = await failure(page(view, cursor));
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field });
        expect(error.message).toContain(words);
      }
      expect(await page(a, ofA)).toBeDefined();
    }
  });
});

describe('texts', () => {
  it('are stored once, whoever sends them', async () => {
    const store = openStore();
    const text = randomBytes(100_000).toString('hex');
    const used = async (name: string): Promise<number> => {
      await store.forTenant(name).addSpan(span({ input: { messages: [{ content: text }] } }));
      return (await store.info()).bytesStored;
    };
    const [first, second] = [await used('a'), await used('b')];
    expect(second - first).toBeLessThan(text.length / 4);
    expect(await store.forTenant('b').getSpans('t1')).toMatchObject([
      { input: { messages: [{ content: text }] } },
    ]);
  });
});

describe('reports', () => {
  it('name the tenant', async () => {
    const failed: FailedOperation[] = [];
    const places: RedactWhere[] = [];
    const store = openStore({
      onError: (_, operation) => failed.push(operation),
      redact: (value, where) => {
        places.push(where);
        return value;
      },
    });
    for (const name of ['acme', '']) {
      const tenant = store.forTenant(name);
      const unknown = await failure(tenant.endTrace('t1', { status: 'completed' }));
      expect(unknown.code).toBe('NOT_FOUND');
      expect(unknown.message).toContain(
        name === '' ? 'endTrace: trace "t1"' : 'endTrace: tenant "acme": trace "t1"',
      );
      await failure(tenant.startTrace({ traceId: 't2' } as never));
      await tenant.addSpan(span({ output: 'x' }));
    }
    expect(failed).toEqual([
      { method: 'endTrace', tenantId: 'acme', traceId: 't1' },
      { method: 'startTrace', tenantId: 'acme', traceId: 't2' },
      { method: 'endTrace', traceId: 't1' },
      { method: 'startTrace', traceId: 't2' },
    ]);
    const place = { method: 'addSpan', document: 'span', field: 'output', traceId: 't1', spanId: 's1' };
    expect(places).toEqual([{ ...place, tenantId: 'acme' }, place]);
  });
});

describe('listTenants', () => {
  it('names those that have documents, with their counts, page by page', async () => {
    const store = openStore();
    expect(await store.listTenants()).toEqual({ tenants: [], hasMore: false });
    await fill(store.forTenant('b'), 'x');
    await store.forTenant('é').addSpan(span());
    await store.forTenant('a').upsertSession(session());
    await store.ensureConfigSnapshot(snapshot());
    // Nothing comes of these.
    await failure(store.forTenant('c').endTrace('t1', { status: 'completed' }));
    await failure(store.forTenant('d').startTrace({} as never));
    await store.forTenant('e').listTraces();
    const none = { traces: 0, spans: 0, sessions: 0, configSnapshots: 0 };
    const expected = [
      { tenantId: '', counts: { ...none, configSnapshots: 1 } },
      { tenantId: 'a', counts: { ...none, sessions: 1 } },
      { tenantId: 'b', counts: { traces: 4, spans: 9, sessions: 3, configSnapshots: 1 } },
      { tenantId: 'é', counts: { ...none, traces: 1, spans: 1 } },
    ];
    expect(await store.listTenants()).toEqual({ tenants: expected, hasMore: false });
    expect((await store.info()).counts).toEqual({ traces: 5, spans: 10, sessions: 4, configSnapshots: 2 });
    const found = [];
    let cursor: string | undefined;
    do {
      const page = await store.listTenants({ limit: 1, ...(cursor !== undefined && { cursor }) });
      expect(page.tenants).toHaveLength(1);
      expect(page.hasMore).toBe(page.nextCursor !== undefined);
      found.push(...page.tenants);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(found).toEqual(expected);
  });

  it('refuses what it does not know', async () => {
    const store = openStore();
    const bad = [
      { limit: 0 },
      { limit: 1001 },
      { cursor: 't1.1' },
      { cursor: 'n%' },
      { cursor: `n${'x'.repeat(513)}` },
      { offset: 1 },
    ];
    for (const options of bad)
      expect(await failure(store.listTenants(options))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        method: 'listTenants',
      });
  });
});
