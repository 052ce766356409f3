/** Texts that come again cross once; whatever becomes of the write that brought one, the others stay right. */
import { join } from 'node:path';
import type { SqliteTraceStoreOptions } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { openStore, span, tempFolder } from './support.js';
import { closedFile } from './support/files.js';
import { Lock, NO_LOCK } from './support/lock.js';

vi.setConfig({ testTimeout: 60_000 });

const LONG = 'a "long" text\n with é and 😀 in it, '.repeat(40);

/** A conversation that grows by a message with each call; every message is long. */
function conversation(turns: number): Array<{ role: string; content: string }> {
  return Array.from({ length: turns }, (_, turn) => ({ role: 'user', content: `${turn}: ${LONG}` }));
}

describe('texts that come again', () => {
  it('come back as they were, from every call', async () => {
    const store = openStore();
    const messages = conversation(40);
    const outputs: unknown[] = [];
    for (let turn = 1; turn <= 40; turn += 1) {
      outputs.push({ messages: messages.slice(0, turn), half: `${LONG}\ud83d` });
      void store.addSpan(span({ spanId: `s${turn}`, output: outputs.at(-1) }));
      if (turn % 7 === 0) await store.flush();
    }
    const stored = await store.getSpans('t1');
    expect(stored.map(({ output }) => output as unknown)).toEqual(outputs);
  });

  it('are as they are now where they were changed between writes', async () => {
    const store = openStore();
    const message: Record<string, unknown> = { content: LONG, nested: { parts: [LONG] } };
    const expected: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      message['content'] = `${LONG}${n % 4}`;
      (message['nested'] as { parts: unknown[] }).parts[n % 2] = `${n % 3}${LONG}`;
      expected.push(JSON.stringify([message, message]));
      void store.addSpan(span({ spanId: `s${n}`, output: [message, message] }));
    }
    expect((await store.getSpans('t1')).map(({ output }) => JSON.stringify(output))).toEqual(expected);
  });

  it("are whole in a write that begins inside another's getter", async () => {
    const store = openStore();
    for (let n = 0; n < 3; n += 1) await store.addSpan(span({ spanId: `before ${n}`, input: LONG }));
    const outer = Object.defineProperty({ a: LONG, z: `${LONG}z` }, 'inner', {
      enumerable: true,
      get: () => {
        for (let n = 0; n < 3; n += 1)
          void store.addSpan(span({ spanId: `inner ${n}`, input: [LONG, `${LONG}z`] }));
        return `${LONG}inner`;
      },
    });
    for (let n = 0; n < 3; n += 1) await store.addSpan(span({ spanId: `outer ${n}`, input: outer }));
    const stored = new Map(
      (await store.getSpans('t1')).map(({ spanId, input }) => [spanId, input as unknown]),
    );
    expect(stored.get('inner 2')).toEqual([LONG, `${LONG}z`]);
    expect(stored.get('outer 2')).toEqual({ a: LONG, z: `${LONG}z`, inner: `${LONG}inner` });
    expect(stored.size).toBe(9);
  });

  it.skipIf(NO_LOCK !== '').each([
    ['reject', {}],
    ['drop', {}],
    ['block', { blockTimeoutMs: 20 }],
  ])(`were defined by writes that found no room: %s ${NO_LOCK}`, async (onFull, more) => {
    const path = await closedFile(1);
    const store = openStore({
      path,
      maxQueueBytes: 20_000,
      busyTimeoutMs: 60_000,
      ...more,
      onFull,
    } as SqliteTraceStoreOptions);
    await store.addSpan(span({ spanId: 'first', input: 'short' }));
    const lock = await Lock.hold(path);
    const texts = Array.from({ length: 8 }, (_, n) => `${n}${LONG}`.repeat(8));
    const write = (round: number): Array<Promise<unknown>> =>
      texts.map((input, n) => store.addSpan(span({ spanId: `${round}.${n}`, input })));
    const results = [0, 1, 2, 3].flatMap(write).map((written) => written.catch(() => 'refused'));
    await lock.release();
    await Promise.all(results);
    for (const round of [4, 5]) for (const written of write(round)) await written.catch(() => {});
    const stored = await store.getSpans('t1');
    const complete = stored.filter(({ spanId }) => /^\d/.test(spanId));
    for (const { spanId, input } of complete) expect(input, spanId).toBe(texts[Number(spanId.slice(2))]);
    expect(complete.length).toBeGreaterThan(0);
    expect((await store.info()).lastError?.code ?? 'QUEUE_FULL').toBe('QUEUE_FULL');
  });

  it('are forgotten when all instances together hold too much, and nothing is wrong after it', async () => {
    const path = join(tempFolder(), 'traces.db');
    const stores = Array.from({ length: 12 }, () => openStore({ path }));
    const texts = Array.from({ length: 40 }, (_, n) => `${n} ${'y'.repeat(100_000)}`);
    for (const round of [0, 1, 2])
      for (const [s, store] of stores.entries()) {
        const calls = texts.map((text, n) =>
          store.addSpan(span({ traceId: `t${s}`, spanId: `${round}.${n}`, input: `${s}${text}` })),
        );
        await Promise.all(calls);
      }
    for (const [s, store] of stores.entries()) {
      const stored = await store.getSpans(`t${s}`);
      expect(stored).toHaveLength(120);
      for (const { spanId, input } of stored) expect(input).toBe(`${s}${texts[Number(spanId.slice(2))]}`);
    }
  });
});
