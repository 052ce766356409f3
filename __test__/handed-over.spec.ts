/** Nothing that an agent hands over can hurt it: the call returns, its neighbours are kept, nothing throws. */
import { describe, expect, it, vi } from 'vitest';
import { failure, openStore, span, trace } from './support.js';
import { only, started } from './support/started.js';

vi.setConfig({ testTimeout: 60_000 });

async function outputOf(output: unknown, options?: Parameters<typeof openStore>[0]): Promise<unknown> {
  const { store } = await started(options);
  await store.addSpan(span({ output, toolType: 'mcp' }));
  expect(await only(store)).toMatchObject({ toolType: 'mcp' });
  return (await only(store))['output'];
}

/** Each lists all the others. */
function entities(count: number): Array<{ id: number; others: unknown[] }> {
  const all = Array.from({ length: count }, (_, id) => ({ id, others: [] as unknown[] }));
  for (const one of all) one.others = all.filter((other) => other !== one);
  return all;
}

describe('objects that refer to each other', () => {
  it('in full where they are shallowest, and their neighbours untouched', async () => {
    const [first] = entities(8);
    const { store, heard } = await started();
    await store.addSpan(span({ output: first, genAiAttributes: { 'gen_ai.request.model': 'm' } }));
    const stored = await only(store);
    expect(stored['genAiAttributes']).toEqual({ 'gen_ai.request.model': 'm' });
    const text = JSON.stringify(stored['output']);
    expect(text.length).toBeLessThan(10_000);
    expect(text).toContain('[Repeated]');
    for (let id = 0; id < 8; id += 1) expect(text).toContain(`{"id":${id},`);
    await store.endTrace('t1', { status: 'completed', output: { success: true, data: first } });
    expect(await store.getTrace('t1')).toMatchObject({ status: 'completed', output: { success: true } });
    expect(heard).toEqual([]);
  });

  it('doubled 25 times without a cycle', async () => {
    let doubled: unknown = { leaf: 'here' };
    for (let n = 0; n < 25; n += 1) doubled = [doubled, doubled];
    const text = JSON.stringify(await outputOf(doubled));
    expect(text.length).toBeLessThan(10_000_000);
    expect(text).toContain('{"leaf":"here"}');
  });

  it('shared without a cycle are written wherever they occur', async () => {
    const shared = { text: 'the same' };
    expect(await outputOf([shared, [shared], shared])).toEqual([shared, [shared], shared]);
  });
});

it('a million numbers beside a BigInt leave what is behind them', async () => {
  const output = {
    numbers: Array.from({ length: 1_200_000 }, (_, n) => n % 10),
    big: 5n,
    behind: { a: [1] },
  };
  expect(await outputOf(output)).toMatchObject({ big: '5', behind: { a: [1] } });
});

it('what rejects later ends no process', async () => {
  const unhandled: unknown[] = [];
  const hear = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', hear);
  const rpc: object = new Proxy(() => {}, {
    get: (_target, key) =>
      key === 'toJSON' || key === 'call' ? async () => Promise.reject(new Error('rpc')) : rpc,
  });
  const throwing = {
    async toJSON(): Promise<never> {
      throw new Error('later');
    },
  };
  const output = await outputOf({ throwing, rpc, beside: 1 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', hear);
  expect(output).toMatchObject({ throwing: {}, beside: 1 });
  expect(unhandled).toEqual([]);
});

describe('bytes', () => {
  it.each([1, 5, 20])('of %i MB are base64', async (megabytes) => {
    const bytes = new Uint8Array(megabytes * 1_000_000).fill(7);
    expect(await outputOf([{ type: 'image', image: bytes }])).toEqual([
      {
        type: 'image',
        image: { $binary: Buffer.from(bytes).toString('base64'), type: 'Uint8Array', bytes: bytes.length },
      },
    ]);
  });

  it.each<[string, unknown]>([
    ['Buffer', Buffer.from('abc')],
    ['ArrayBuffer', new Uint8Array([97, 98, 99]).buffer],
  ])('a %s', async (type, value) => {
    expect(await outputOf(value)).toEqual({ $binary: 'YWJj', type, bytes: 3 });
  });

  it('a Blob, whose bytes only a promise would tell, says its size', async () => {
    const blob = new Blob(['abc'], { type: 'text/plain' });
    expect(await outputOf(blob)).toEqual({ omitted: 'binary', type: 'text/plain', bytes: 3 });
  });

  it.each<[string, unknown]>([
    ['a typed array', new Uint8Array(20_000_000)],
    ['a buffer', new ArrayBuffer(20_000_000)],
    ['a blob', new Blob([new Uint8Array(20_000_000)])],
  ])('without content are their size: %s', async (_name, value) => {
    expect(await outputOf(value, { captureContent: false })).toEqual({
      omitted: 'binary',
      bytes: 20_000_000,
    });
  });
});

describe('an Error', () => {
  const cause = new TypeError('inner');
  const error = Object.assign(new RangeError('outer', { cause }), { status: 429 });

  it('in content has name, message, stack, cause and own fields', async () => {
    expect(await outputOf(error)).toMatchObject({
      name: 'RangeError',
      message: 'outer',
      stack: expect.stringContaining('handed-over.spec') as string,
      cause: { name: 'TypeError', message: 'inner' },
      status: 429,
    });
  });

  it("as a span's or a trace's error is its text", async () => {
    const { store, heard } = await started();
    await store.addSpan(span({ status: 'error', error }));
    await store.endTrace('t1', { status: 'failed', output: { success: false, error } });
    const text = expect.stringMatching(/^RangeError: outer\n[^]*\n\[cause\]: TypeError: inner\n/) as string;
    expect(await only(store)).toMatchObject({ error: text });
    expect(await store.getTrace('t1')).toMatchObject({ output: { error: text } });
    expect(heard).toEqual([]);
  });

  it('stays out without content', async () => {
    const { store } = await started({ captureContent: false });
    await store.addSpan(span({ status: 'error', error: new Error('secret') }));
    expect((await only(store))['error']).toMatch(/^\[omitted: string, \d+ chars\]$/);
  });

  it('of any other kind is refused by name', async () => {
    const { store } = await started();
    const refused = await failure(store.addSpan(span({ error: { message: 'm' } as never })));
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'span.error' });
  });
});

describe('more than maxPayloadBytes', () => {
  it('is cut where it is largest, and the trace ends', async () => {
    const { store, heard } = await started({ maxPayloadBytes: 1_000_000 });
    const large = `begins so ${'x'.repeat(3_000_000)}`;
    await store.addSpan(span({ input: { a: large }, output: large }));
    await store.endTrace('t1', {
      status: 'completed',
      output: { success: true, data: large },
      metadata: { a: 1 },
    });
    const stored = await only(store);
    expect(stored['input']).toMatchObject({ omitted: 'object' });
    expect(stored['output']).toMatch(/^begins so x+… \[cut: 3000010 bytes\]$/);
    expect(await store.getTrace('t1')).toMatchObject({
      status: 'completed',
      output: { success: true, data: expect.stringMatching(/cut: 3000010 bytes/) as string },
      metadata: { a: 1 },
    });
    expect(heard).toEqual([]);
  });

  it('is refused where that is asked for', async () => {
    const { store } = await started({ maxPayloadBytes: 1_000_000, onOversize: 'reject' });
    const refused = await failure(store.addSpan(span({ input: 'x'.repeat(3_000_000) })));
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'span' });
  });
});

it('a getter that throws is a marker under an unknown key of any document', async () => {
  const unknown = { enumerable: true, get: () => JSON.parse('{') as unknown };
  const store = openStore();
  await store.startTrace(Object.defineProperty(trace(), 'own', unknown));
  await store.addSpan(Object.defineProperty(span(), 'own', unknown));
  const marker = { own: '[omitted: reading it threw SyntaxError]' };
  expect(await store.getTrace('t1')).toMatchObject(marker);
  expect(await only(store)).toMatchObject(marker);
});

describe('without content, nothing passes that is asked twice', () => {
  it.each(['a getter', 'a toJSON'])('%s of a list that may be kept', async (way) => {
    let asked = 0;
    const tags = ['calm'];
    if (way === 'a toJSON') Object.assign(tags, { toJSON: () => ['secret'] });
    const document = Object.defineProperty(trace(), 'tags', {
      enumerable: true,
      get: () => (way === 'a toJSON' || (asked += 1) < 2 ? tags : { secret: 'secret' }),
    });
    const store = openStore({ captureContent: false });
    await store.startTrace(document).catch(() => {});
    expect(JSON.stringify(await store.getTrace('t1'))).not.toContain('secret');
  });
});
