/** No method of one tenant reaches into another's documents, or tells that they are there. */
import { expect, it } from 'vitest';
import { failure, openStore, trace } from './support.js';
import { ATTEMPTS, everything, fill, tryAll } from './support/attempts.js';

it('a tenant finds, changes and counts nothing of others, by whatever method', async () => {
  const busy = openStore();
  const theirs = busy.forTenant('theirs');
  await fill(busy, 'nobody');
  await fill(theirs, 'theirs');
  const before = [await everything(busy), await everything(theirs)];
  const mine = busy.forTenant('mine');
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(mine)).filter(
    (name) => name !== 'constructor',
  );
  expect(methods.toSorted()).toEqual(Object.keys(ATTEMPTS).toSorted());
  const alone = openStore().forTenant('mine');
  // Twice: without documents of its own, and with.
  for (const _ of [1, 2]) expect(await tryAll(mine)).toEqual(await tryAll(alone));
  expect([await everything(busy), await everything(theirs)]).toEqual(before);
  expect((await busy.verify()).problems).toEqual([]);
});

it('ends with the store, whatever the method', async () => {
  const store = openStore();
  const view = store.forTenant('a');
  void view.startTrace(trace());
  await store.close();
  for (const attempts of Object.values(ATTEMPTS))
    for (const attempt of attempts) expect((await failure(attempt(view))).code).toBe('CLOSED');
  expect((await failure(store.forTenant('b').getTrace('t1'))).code).toBe('CLOSED');
});
