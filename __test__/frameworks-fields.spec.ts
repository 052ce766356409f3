/** What frameworks have and the contract has not: types, attributes, resources, users and messages under their own names. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore, session, span, tempFolder, trace } from './support.js';
import { Random } from './support/random.js';
import { only, started } from './support/started.js';

const NAMED = {
  type: 'model_generation',
  attributes: { 'server.port': 443, nested: { list: [1, null] } },
  resource: { attributes: { 'service.name': 'shop' } },
  scope: { name: 'genai', version: '1.2.3', attributes: { a: 1 } },
  cost: { total: 0.25, currency: 'USD', byModel: { m: 0.25 } },
  endUserId: 'u-42',
  messageId: 'm-1',
  statusReason: 'guardrail',
};

/** A text that no other span has, as long as a model's answer is: 2,000 characters, give or take 1,500. */
function answer(n: number): string {
  const random = new Random(n);
  const digits = Array.from({ length: 28 }, (_, part) =>
    createHash('sha512').update(`${n} ${part}`).digest('hex'),
  );
  return digits.join(' ').slice(0, 500 + random.below(3_001));
}

describe('a span', () => {
  it('gives back what it was given', async () => {
    const { store } = await started();
    await store.addSpan(span(NAMED));
    expect(await only(store)).toMatchObject(NAMED);
  });

  it('loses a cost that is none', async () => {
    const { store, heard } = await started();
    await store.addSpan(span({ ...NAMED, cost: { total: 1 } as never }));
    expect(await only(store)).not.toHaveProperty('cost');
    expect(heard).toMatchObject([{ field: 'span.cost.currency' }]);
  });

  it('keeps names and numbers without content', async () => {
    const store = openStore({ captureContent: false });
    await store.startTrace(trace());
    const long = 'x'.repeat(129);
    await store.addSpan(span({ ...NAMED, messageId: long }));
    expect(await only(store)).toMatchObject({
      ...NAMED,
      attributes: { omitted: 'object', keys: 2 },
      resource: { omitted: 'object', keys: 1 },
      scope: { name: 'genai', version: '1.2.3', attributes: { omitted: 'object', keys: 1 } },
      messageId: '[omitted: string, 129 chars]',
    });
  });

  // Pages in use of the packed file. Answers of one length would make blocks of one size, whose ends share a page or
  // don't, all of them, by a few bytes: that alone is 2 %.
  it('shares its resource and scope with all others', async () => {
    const resource = {
      attributes: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`key.${n}`, `value ${n}`])),
    };
    const [bare, described] = [await packed({}), await packed({ resource, scope: NAMED.scope })];
    expect(described / bare).toBeLessThan(1.01);
  }, 60_000);
});

/** Bytes that 100 traces of 100 spans take when the store is closed. */
async function packed(fields: object): Promise<number> {
  const path = join(tempFolder(), 'traces.db');
  const store = openStore({ path });
  for (let t = 0; t < 100; t += 1)
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        store.addSpan(span({ spanId: `s${n}`, traceId: `t${t}`, output: answer(100 * t + n), ...fields })),
      ),
    );
  await store.close();
  return (await openStore({ path }).info()).bytesStored;
}

describe('endUserId', () => {
  it('of traces and sessions is kept and filtered by', async () => {
    const store = openStore();
    await store.startTrace(trace({ traceId: 'a', endUserId: 'ann' }));
    await store.startTrace(trace({ traceId: 'b', endUserId: 'bob', messageId: 'm' }));
    await store.startTrace(trace({ traceId: 'c' }));
    await store.endTrace('b', { status: 'failed', statusReason: 'aborted' });
    await store.upsertSession(session({ endUserId: 'ann' }));
    await store.upsertSession(session());
    const ids = async (endUserId: string) =>
      (await store.listTraces({ endUserId })).traces.map(({ traceId }) => traceId);
    expect(await ids('ann')).toEqual(['a']);
    expect(await ids('nobody')).toEqual([]);
    expect(await store.listTraces({ endUserId: 'bob', status: 'failed' })).toMatchObject({
      total: 1,
      traces: [{ endUserId: 'bob', messageId: 'm', statusReason: 'aborted' }],
    });
    expect(await store.getTrace('c')).not.toHaveProperty('endUserId');
    expect(await store.listSessions({ endUserId: 'ann' })).toMatchObject({
      total: 1,
      sessions: [{ endUserId: 'ann' }],
    });
  });
});

it('equal events of several spans each come back with their dates', async () => {
  const store = openStore();
  const events = [{ name: 'token', time: new Date(5), attributes: { text: 'x'.repeat(100) } }];
  for (const spanId of ['a', 'b', 'c']) await store.addSpan(span({ spanId, events }));
  expect((await store.getSpans('t1')).map((found) => found.events)).toEqual([events, events, events]);
});
