/** Design rule 1: text across the boundary, one batch per tick, seen through an addon that only writes down its calls. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteTraceStore, type SqliteTraceStoreOptions } from 'tracestore';
import { expect, it, onTestFinished } from 'vitest';
import { span, tempFolder, trace } from './support.js';
import { Expander } from './support/expand.js';

interface Frame {
  code: number;
  text: string;
  beyond: number;
}

interface Recorded {
  /** The frames of each batch handed over. */
  batches: Frame[][];
  /** How many promises native code was asked for. */
  promises: number;
  /** Whether the batch was in the pooled buffer. */
  pooled: boolean[];
}

/** The texts of all frames, as native code expands them. */
function texts({ batches }: Recorded): string[] {
  const native = new Expander();
  return batches.flat().map((frame) => native.expand(frame));
}

/** A store over an addon that reads the frames as the format says, and commits them in the next macrotask. */
function recordingStore(options: Partial<SqliteTraceStoreOptions> = {}): [SqliteTraceStore, Recorded] {
  const recorded: Recorded = { batches: [], promises: 0, pooled: [] };
  const key = `recorded ${Math.random()}`;
  Object.assign(globalThis, { [key]: recorded });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, key));
  const file = join(tempFolder(), 'addon.js');
  writeFileSync(
    file,
    `const recorded = globalThis[${JSON.stringify(key)}];
    exports.NativeStore = class {
      constructor(options, pool) { this.pool = pool; this.ticket = 0; this.done = [] }
      write(buffer, length) {
        if (buffer.readUInt32LE(0) !== length) throw new Error('the header is not the end of the last frame');
        const frames = [];
        for (let at = 4; at < length; ) {
          const end = at + 9 + buffer.readUInt32LE(at);
          frames.push({ code: buffer[at + 8], text: buffer.toString('utf8', at + 9, end), beyond: buffer.readUInt32LE(at + 4) - (end - at - 9) });
          at = end;
        }
        recorded.batches.push(frames);
        recorded.pooled.push(buffer === this.pool);
        this.done.push(++this.ticket);
        return this.ticket;
      }
      settled() {
        recorded.promises++;
        return new Promise((resolve) => setImmediate(resolve));
      }
      poll() {
        const done = this.done;
        this.done = [];
        return done.length === 0 ? '' : JSON.stringify({ done, failed: [] });
      }
      cancelJobs() {}
      async close() { return '' }
    }`,
  );
  const store = new SqliteTraceStore({ path: ':memory:', nativeBinding: file, ...options });
  onTestFinished(() => store.close());
  return [store, recorded];
}

it('all writes of a tick are one batch, and one native promise', async () => {
  const [store, recorded] = recordingStore();
  const calls = Array.from({ length: 100 }, (_, i) => store.addSpan(span({ spanId: `s${i}` })));
  expect(recorded.batches).toHaveLength(0);
  await Promise.all(calls);
  expect(recorded.batches).toHaveLength(1);
  expect(recorded.promises).toBe(1);
  expect(recorded.pooled).toEqual([true]);
  expect(recorded.batches[0]).toHaveLength(100);
  expect(recorded.batches[0]?.[7]?.code).toBe(3);
  expect(texts(recorded)[7]).toBe(JSON.stringify(span({ spanId: 's7' })));
});

it('the next tick is the next batch', async () => {
  const [store, recorded] = recordingStore();
  void store.startTrace(trace());
  await Promise.resolve();
  void store.setTraceTags('t1', ['é']);
  await store.flush();
  expect(recorded.batches.map((frames) => frames.map(({ code }) => code))).toEqual([[1], [8]]);
  expect(texts(recorded)[1]).toBe('{"traceId":"t1","tags":["é"]}');
});

/** However little of it crosses: the same text comes again in every span. */
it.each([
  ['256 KiB', {}, 256],
  ['maxQueueBytes, if that is less', { maxQueueBytes: 64 * 1024 }, 64],
])('a batch is handed over within the tick at %s', async (_name, options, kib) => {
  const [store, recorded] = recordingStore(options);
  let bytes = 0;
  for (let i = 0; recorded.batches.length === 0; i++) {
    const document = span({ spanId: `s${i}`, input: 'x'.repeat(4000) });
    bytes += 9 + JSON.stringify(document).length;
    void store.addSpan(document);
  }
  expect(bytes).toBeGreaterThan((kib - 5) * 1024);
  expect(bytes).toBeLessThan((kib + 5) * 1024);
  await store.flush();
  expect(recorded.batches).toHaveLength(1);
});

it('a text too large for the pool travels alone, in its place', async () => {
  const [store, recorded] = recordingStore();
  const sizes = [10, 2_000_000, 20, 340_000, 30];
  for (const size of sizes) void store.addSpan(span({ input: 'é'.repeat(size) }));
  await store.flush();
  const frames = texts(recorded).map((text) => JSON.parse(text) as { input: string });
  expect(frames.map(({ input }) => input.length)).toEqual(sizes);
  expect(
    recorded.pooled[recorded.batches.findIndex(([frame]) => (frame?.text.length ?? 0) > 2_000_000)],
  ).toBe(false);
});

it('what the caller changes after the call is not seen, although nothing was handed over yet', async () => {
  const [store, recorded] = recordingStore();
  const document = span({ input: { text: 'then' } });
  void store.addSpan(document);
  document.name = 'later';
  (document.input as { text: string }).text = 'later';
  await store.flush();
  expect(recorded.batches[0]?.[0]?.text).not.toContain('later');
});

it('the tenant is named where it changes, in each batch anew', async () => {
  const [store, recorded] = recordingStore();
  const write = (tenant: string, spanId: string): void =>
    void store.forTenant(tenant).addSpan(span({ spanId }));
  for (const tenant of ['', 'a', 'a', 'é', '', '']) write(tenant, 's');
  await store.flush();
  write('é', 'x'.repeat(500));
  write('é', 'second');
  await store.flush();
  const seen = recorded.batches.map((batch) =>
    batch.map(({ code, text }) => (code === 0 ? `tenant ${text}` : code)),
  );
  expect(seen).toEqual([
    [3, 'tenant a', 3, 3, 'tenant é', 3, 'tenant ', 3, 3],
    ['tenant é', 3, 3],
  ]);
});
