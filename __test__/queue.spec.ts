/** Design rule 4: memory is bounded, nothing is lost while there is room, and what there is no room for is counted. */
import type { SqliteTraceStoreOptions, StoreInfo, TraceStoreError } from 'tracestore';
import { describe, expect, it, vi } from 'vitest';
import { numberedSpan, numberedSpans } from './children/spans.mjs';
import { openStore, span } from './support.js';
import { closedFile } from './support/files.js';
import { Lock, NO_LOCK } from './support/lock.js';

vi.setConfig({ testTimeout: 60_000 });

describe('the queue', () => {
  it('takes one operation larger than itself, and loses none of many', async () => {
    const store = openStore({ maxQueueBytes: 1000 });
    await store.addSpan(numberedSpan(0, { bytes: 100_000 }));
    const written = Array.from({ length: 300 }, (_, n) => store.addSpan(numberedSpan(n, { bytes: 300 })));
    await Promise.all(written);
    expect(await store.getSpans('t1')).toEqual(numberedSpans(300, { bytes: 300 }));
  });

  it.skipIf(NO_LOCK !== '').each<[string, object, Partial<StoreInfo>]>([
    ['reject', {}, { failedWrites: 4, droppedWrites: 0 }],
    ['drop', {}, { failedWrites: 0, droppedWrites: 4 }],
    ['block', { blockTimeoutMs: 20 }, { failedWrites: 4, droppedWrites: 0 }],
  ])(`when full: %s ${NO_LOCK}`, async (onFull, more, counted) => {
    const path = await closedFile(1);
    const options = {
      path,
      maxQueueBytes: 1000,
      busyTimeoutMs: 60_000,
      ...more,
      onFull,
    } as SqliteTraceStoreOptions;
    const [store, observer] = [openStore(options), openStore(options)];
    await store.addSpan(numberedSpan(0));
    const lock = await Lock.hold(path);
    const written = Array.from({ length: 5 }, (_, n) => store.addSpan(numberedSpan(n + 1, { bytes: 2000 })));
    const results = Promise.allSettled(written);
    expect(await observer.info()).toMatchObject({ queuedOperations: 1, failedWrites: 0 });
    expect((await observer.info()).queuedBytes).toBeGreaterThan(2000);
    await lock.release();
    const codes = (await results).map((result) =>
      result.status === 'fulfilled' ? '' : (result.reason as TraceStoreError).code,
    );
    expect(codes).toEqual(onFull === 'drop' ? ['', '', '', '', ''] : ['', ...Array(4).fill('QUEUE_FULL')]);
    expect(await store.getSpans('t1')).toHaveLength(2);
    expect(await store.info()).toMatchObject({ ...counted, queuedOperations: 0, queuedBytes: 0 });
  });
});

it('info() tells what came in and what is stored for it', async () => {
  const store = openStore();
  const text = 'long text that comes again and again '.repeat(300);
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => store.addSpan(span({ spanId: `s${n}`, input: text }))),
  );
  const { bytesIn, bytesStored, fileBytes, walBytes } = await store.info();
  expect(bytesIn).toBeGreaterThan(50 * text.length);
  expect(bytesStored).toBeLessThan(bytesIn / 2);
  expect(bytesStored).toBeLessThanOrEqual(fileBytes + walBytes);
});
