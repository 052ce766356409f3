/** `links` of a span: a field that is read as it was given, and links that are found from both ends. */
import type { Link, LinkEnd, SpanLink, SqliteTraceStore, TraceStoreError } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { failure, openStore, span } from './support.js';
import { begun, IDS, readSpan } from './support/live.js';

const [traceId, spanId] = IDS;
const FROM = { traceId, spanId };

const LINKS: SpanLink[] = [
  { to: { traceId: 't0', spanId: 's9' }, type: 'follows_from', attributes: { why: ['retry', { n: 1.5 }] } },
  { to: { traceId: 't0' }, type: 'child_of' },
  { to: { store: 'eu', id: 't0' }, type: 'any word' },
  { to: { externalId: 'x' }, type: 'child_of' },
  { to: { url: 'https://example.com' }, type: 'child_of' },
  // The same again, which OpenTelemetry may have.
  { to: { traceId: 't0' }, type: 'child_of', attributes: { other: true } },
];

/** Where the links of an end lead, and what they are. */
async function found(store: SqliteTraceStore, end: LinkEnd): Promise<Array<Partial<Link>>> {
  const links = await store.getLinks(end);
  return links.map(({ createdAt: _created, updatedAt: _updated, version: _version, ...link }) => link);
}

const asFound = (links: SpanLink[]): unknown[] => links.map((link) => ({ from: FROM, ...link }));

describe('links that a span gives', () => {
  it.each<[string, (store: SqliteTraceStore) => Promise<unknown>]>([
    ['addSpan', (store) => store.addSpan(span({ links: LINKS }))],
    ['startSpan', (store) => store.startSpan(begun({ links: LINKS }))],
    [
      'updateSpan before its start',
      async (store) => {
        await store.updateSpan(...IDS, { links: LINKS });
        await store.startSpan(begun());
      },
    ],
    ['endSpan', (store) => store.endSpan(...IDS, { links: LINKS })],
    [
      'addStep',
      (store) => store.addStep(traceId, { type: 'thought', content: 'c' }, { spanId, links: LINKS }),
    ],
    ['batchCreate', (store) => store.batchCreate({ spans: [span({ links: LINKS })] })],
  ])('by %s are read with it, and found from both ends', async (_name, give) => {
    const store = openStore();
    await give(store);
    expect((await readSpan(store)).links).toEqual(LINKS);
    expect((await store.getSpan(...IDS))?.links).toEqual(LINKS);
    expect((await store.getRootSpans(traceId))[0]?.links).toEqual(LINKS);
    expect((await store.getSpans(traceId, { limit: 1 })).spans[0]?.links).toEqual(LINKS);
    expect(await found(store, FROM)).toEqual(asFound(LINKS));
    for (const link of LINKS.slice(2, 5)) expect(await found(store, link.to)).toEqual(asFound([link]));
    expect(await found(store, { traceId: 't0' })).toEqual(asFound([LINKS[1]!, LINKS[5]!]));
    expect(await store.getLinks(FROM, { direction: 'to' })).toEqual([]);
    const [first] = await store.getLinks(FROM);
    expect(first).toMatchObject({ createdAt: expect.any(Date), updatedAt: expect.any(Date), version: 1 });
    expect((await store.getSpanInfo(...IDS))?.counts.links).toBe(LINKS.length);
    expect((await store.verify()).problems).toEqual([]);
  });

  it('have a type, whether it was given or not', async () => {
    const store = openStore();
    await store.addSpan(span({ links: [{ to: { url: 'u' } }] }));
    expect((await readSpan(store)).links).toEqual([{ to: { url: 'u' }, type: 'correlates_to' }]);
    await store.addSpan(span({ links: [] }));
    expect(await readSpan(store)).not.toHaveProperty('links');
  });

  it('belong to a span, not to one whose ids are alike, and not to that of another tenant', async () => {
    const store = openStore();
    const ids = ['t1', 't', 't11', 't1"', 't1","s1', 't1,'];
    for (const [n, id] of ids.entries())
      await store.addSpan(span({ traceId: id, links: [{ to: { url: `u${n}` }, type: 'x' }] }));
    await store.forTenant('other').addSpan(span({ links: [{ to: { url: 'theirs' }, type: 'x' }] }));
    await store.addSpan(span({ spanId: 's2' }));
    for (const [n, id] of ids.entries())
      expect((await store.getSpans(id)).flatMap(({ links = [] }) => links)).toEqual([
        { to: { url: `u${n}` }, type: 'x' },
      ]);
    expect(await store.getLinks({ url: 'theirs' })).toEqual([]);
  });
});

describe('later words', () => {
  const one: SpanLink = { to: { url: 'one' }, type: 'x' };
  const two: SpanLink = { to: { url: 'two' }, type: 'x' };

  it('replace and clear them; those that addLinks made stay', async () => {
    const store = openStore();
    const said = { from: FROM, to: { url: 'one' }, type: 'x' };
    await store.startSpan(begun({ links: [one] }));
    await store.addLinks([said]);
    expect(await found(store, one.to)).toEqual([said, said]);
    await store.updateSpan(...IDS, { output: 1 });
    await store.updateSpan(...IDS, { links: [two] });
    expect((await readSpan(store)).links).toEqual([two]);
    expect(await found(store, one.to)).toEqual([said]);
    expect(await found(store, two.to)).toEqual(asFound([two]));
    expect(await store.addLinks([{ ...said, attributes: { a: 1 } }])).toEqual([{ version: 2 }]);
    await store.endSpan(...IDS, { links: null });
    expect(await readSpan(store)).not.toHaveProperty('links');
    expect(await found(store, two.to)).toEqual([]);
    expect(await found(store, FROM)).toEqual([{ ...said, attributes: { a: 1 } }]);
    await store.addSpan(span({ links: [two, one] }));
    expect((await readSpan(store)).links).toEqual([two, one]);
    await store.addSpan(span());
    expect(await found(store, FROM)).toHaveLength(1);
    expect((await store.verify()).problems).toEqual([]);
  });

  it('of a start complete them where there are none', async () => {
    const store = openStore();
    await store.startSpan(begun());
    await store.startSpan(begun({ links: [one] }));
    await store.startSpan(begun({ links: [two] }));
    expect((await readSpan(store)).links).toEqual([one]);
    await store.endSpan(...IDS);
    await store.startSpan(begun({ links: [two] }));
    expect(await found(store, two.to)).toEqual([]);
  });

  it('that give the same leave them as they were', async () => {
    const store = openStore();
    await store.addSpan(span({ links: LINKS }));
    const before = await store.getLinks(FROM);
    const read = await readSpan(store);
    await store.addSpan(read);
    expect(await readSpan(store)).toEqual(read);
    expect(await store.getLinks(FROM)).toEqual(before);
  });
});

describe('what is given wrongly', () => {
  it('is left out one by one, and reported', async () => {
    const heard: TraceStoreError[] = [];
    const store = openStore({ onError: (error) => heard.push(error) });
    const bad = [{ to: {} }, 5, { to: { url: 'u' }, type: 5 }, { to: { url: 'u' }, own: 1 }];
    await store.addSpan(span({ links: [LINKS[1], ...bad, LINKS[3]] as never }));
    expect((await readSpan(store)).links).toEqual([LINKS[1], LINKS[3]]);
    expect(heard).toMatchObject([{ code: 'INVALID_ARGUMENT', method: 'addSpan', field: 'span.links[1].to' }]);
    await store.addSpan(span({ links: 'none' as never }));
    expect(await readSpan(store)).not.toHaveProperty('links');
    expect(heard).toHaveLength(2);
    expect((await failure(store.startSpan({ ...begun(), spanId: '' }))).field).toBe('span.spanId');
  });
});

describe('content', () => {
  const secret: SpanLink[] = [{ to: { url: 'u' }, type: 'x', attributes: { secret: 'hunter2' } }];

  it('is what the attributes hold', async () => {
    const store = openStore({ captureContent: false });
    await store.addSpan(span({ links: secret }));
    const kept = { to: { url: 'u' }, type: 'x', attributes: { omitted: 'object', keys: 1 } };
    expect((await readSpan(store)).links).toEqual([kept]);
    expect(await found(store, { url: 'u' })).toEqual(asFound([kept]));
  });

  it('is offered to redact with its links', async () => {
    const fields: string[] = [];
    const store = openStore({
      redact: (value, { field }) => {
        fields.push(field);
        return (value as SpanLink[]).map(({ to }) => ({ to }));
      },
    });
    await store.addSpan(span({ links: secret }));
    await store.updateSpan(...IDS, { links: secret });
    expect(JSON.stringify([await readSpan(store), await store.getLinks(FROM)])).not.toContain('hunter2');
    expect(fields).toEqual(['links', 'links']);
  });

  it('that is too large is cut', async () => {
    const store = openStore({ maxPayloadBytes: 2000, onOversize: 'cut' });
    const large = { to: { url: 'u' }, type: 'x', attributes: { text: 'x'.repeat(5000) } };
    await store.addSpan(span({ links: [large] }));
    expect((await readSpan(store)).links).toEqual([
      { ...large, attributes: { omitted: 'object', bytes: expect.any(Number) } },
    ]);
  });
});
