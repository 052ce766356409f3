/** A native addon that breaks its promises: callers get INTERNAL, and nothing else breaks. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteTraceStore } from 'tracestore';
import { expect, it, onTestFinished } from 'vitest';
import { failure, span, tempFolder, trace } from './support.js';

/** A store over an addon with the given methods; the others work and store nothing. */
function brokenStore(methods: string): SqliteTraceStore {
  const file = join(tempFolder(), 'addon.js');
  writeFileSync(
    file,
    `exports.NativeStore = class {
      ticket = 0;
      write() { return ++this.ticket }
      async settled() {}
      poll() { return JSON.stringify({ done: [this.ticket], failed: [] }) }
      async read() { return JSON.stringify({ pieces: [], docs: [], total: 0, hasMore: false }) }
      processEnds() {}
      drain() { return true }
      async close() { return '' }
      ${methods}
    }`,
  );
  return new SqliteTraceStore({ path: ':memory:', nativeBinding: file });
}

it('a write that throws fails its batch only', async () => {
  const store = brokenStore(
    "write() { if (this.ticket++ === 0) throw new Error('argument'); return this.ticket }",
  );
  const batch = [store.addSpan(span()), store.addSpan(span({ spanId: 's2' }))];
  for (const call of batch) {
    const error = await failure(call);
    expect(error).toMatchObject({ code: 'INTERNAL', method: 'addSpan' });
    expect(error.message).toBe('addSpan: something unexpected was thrown, see the cause');
    expect(error.cause).toMatchObject({ message: 'argument' });
  }
  await store.addSpan(span());
});

it.each([
  ['settled() that rejects', "async settled() { throw new Error('lost') }"],
  ['settled() that throws', "settled() { throw new Error('lost') }"],
  ['a settlement that is no JSON', "poll() { return '{' }"],
])('%s fails the outstanding writes', async (_name, methods) => {
  const store = brokenStore(methods);
  const written = store.startTrace(trace());
  await store.flush();
  expect((await failure(written)).code).toBe('INTERNAL');
});

it('a stored text that is no JSON is damage, and nobody quotes it', async () => {
  const answer = JSON.stringify('{"pieces":["secret" secret],"docs":[[{},[0,{}]]]}');
  const error = await failure(brokenStore(`async read() { return ${answer} }`).getTrace('t1'));
  expect(error).toMatchObject({ code: 'CORRUPT', method: 'getTrace' });
  expect(error.cause).toBeUndefined();
  expect(error.message).not.toContain('secret');
});

it.each([
  ['rejects', "async read() { throw new Error('lost') }"],
  ['throws', "read() { throw new Error('lost') }"],
])('a read that %s', async (_name, methods) => {
  expect(await failure(brokenStore(methods).getTrace('t1'))).toMatchObject({
    code: 'INTERNAL',
    method: 'getTrace',
  });
});

it.each([
  ['that can not begin', "startJob() { throw new Error('lost') }"],
  ['whose step rejects', "startJob() { return { cancel() {}, async next() { throw new Error('lost') } } }"],
  ['whose step is no JSON', "startJob() { return { cancel() {}, async next() { return '{' } } }"],
])('a job %s', async (_name, methods) => {
  expect(await failure(brokenStore(methods).verify())).toMatchObject({ code: 'INTERNAL', method: 'verify' });
});

it('an error code that nobody knows is INTERNAL', async () => {
  const methods = `async read() { return '{"error":{"code":"NEW","message":"what"}}' }`;
  const error = await failure(brokenStore(methods).getSpans('t1'));
  expect(error).toMatchObject({ code: 'INTERNAL', message: 'getSpans: what' });
});

it('a close that reports an error rejects with it', async () => {
  const store = brokenStore(`
    cancelJobs() {}
    async close() { return '{"error":{"code":"IO","message":"gone"}}' }`);
  await store.addSpan(span());
  expect(await failure(store.close())).toMatchObject({ code: 'IO', message: 'close: gone' });
});

it('what the engine says about itself is a warning, once', async () => {
  const settlement = { done: [1], failed: [], warnings: [['BUSY', 'a reader holds the log']] };
  const store = brokenStore(`
    write() { return 1 }
    poll() { return ${JSON.stringify(JSON.stringify(settlement))} }`);
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  await store.addSpan(span());
  await store.addSpan(span());
  await new Promise((resolve) => setTimeout(resolve, 20));
  const ours = warnings.filter(({ message }) => message === 'a reader holds the log');
  expect(ours.map(({ name }) => name)).toEqual(['TraceStoreWarning']);
});
