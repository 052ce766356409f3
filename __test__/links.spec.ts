/** Links: found from both ends, once for each pair of ends and each type. */
import { expect, it } from 'vitest';
import type { LinkEnd } from 'tracestore';
import { failure, openStore } from './support.js';

const ENDS: LinkEnd[] = [
  { traceId: 't1' },
  { traceId: 't1', spanId: 's1' },
  { store: 'eu', id: 't1' },
  { externalId: 't1' },
  { url: 'https://example.com/t1?a="b"' },
];

it('every kind of end is found, by itself alone', async () => {
  const store = openStore();
  const from = { traceId: 't0' };
  const links = ENDS.map((to) => ({ from, to, type: 'follows_from' as const }));
  expect(await store.addLinks(links)).toEqual(ENDS.map(() => ({ version: 1 })));
  for (const [n, end] of ENDS.entries()) {
    const written = { createdAt: expect.any(Date), updatedAt: expect.any(Date), version: 1 };
    expect(await store.getLinks(end)).toEqual([{ ...links[n], ...written }]);
    expect(await store.getLinks(end, { direction: 'from' })).toEqual([]);
    expect(await store.getLinks(end, { direction: 'to' })).toHaveLength(1);
  }
  expect((await store.getLinks(from, { direction: 'from' })).map(({ to }) => to)).toEqual(ENDS);
  expect(await store.getLinks(from, { direction: 'to' })).toEqual([]);
});

it('the same link again changes its attributes alone', async () => {
  const store = openStore();
  const link = { from: { traceId: 'a' }, to: { traceId: 'b' }, type: 'child_of' };
  await store.addLinks([link]);
  expect(await store.addLinks([link, { ...link, attributes: { n: [1, '__proto__'] } }, link])).toEqual([
    { version: 1 },
    { version: 2 },
    { version: 2 },
  ]);
  await store.addLinks([{ ...link, type: 'any word' }]);
  const found = await store.getLinks({ traceId: 'b' });
  expect(found.map(({ type, attributes }) => [type, attributes])).toEqual([
    ['child_of', { n: [1, '__proto__'] }],
    ['any word', undefined],
  ]);
});

it('all or nothing, and what is wrong is named by its place', async () => {
  const store = openStore();
  const good = { from: { traceId: 'a' }, to: { traceId: 'b' }, type: 'child_of' };
  const bad = { ...good, to: { traceId: 'b', url: 'u' } };
  const error = await failure(store.addLinks([good, bad]));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', method: 'addLinks', field: 'links[1].to' });
  expect((await failure(store.addLinks([{ ...good, own: 1 } as never]))).message).toContain('unknown key');
  expect((await failure(store.addLinks(5 as never))).message).toContain('links must be an array');
  expect((await failure(store.getLinks({} as never))).message).toContain('end must be');
  expect(await store.getLinks({ traceId: 'a' })).toEqual([]);
});

it('attributes are content', async () => {
  const store = openStore({ captureContent: false });
  await store.addLinks([{ from: ENDS[0]!, to: ENDS[4]!, type: 'x', attributes: { secret: 1 } }]);
  expect(await store.getLinks(ENDS[4]!)).toMatchObject([
    { from: ENDS[0], to: ENDS[4], type: 'x', attributes: { omitted: 'object', keys: 1 } },
  ]);
});
