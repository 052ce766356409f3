// Imports the encoder itself, not the package: what it makes of values that JSON can't write, before native code sees it.
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { plainText, type Frame } from '../lib/write/encode/encode.js';

vi.setConfig({ testTimeout: 60_000 });

const FRAME: Frame = { document: 'span', maxBytes: 64 << 20, onOversize: 'cut' };

function recorded(call: object, frame: Partial<Frame> = {}): Record<string, unknown> {
  return JSON.parse(plainText(call as never, { ...FRAME, ...frame })) as never;
}

const read = (value: unknown): unknown => recorded({ input: value })['input'];

const UNREADABLE = '[omitted: reading it threw TypeError]';

function throwing(): never {
  throw new TypeError('secret');
}

describe('what throws', () => {
  it.each<[string, unknown, unknown]>([
    [
      'a getter',
      {
        a: 1,
        get b() {
          return throwing();
        },
        c: 2,
      },
      { a: 1, b: UNREADABLE, c: 2 },
    ],
    ['a toJSON', [1, { toJSON: throwing }, 2], [1, UNREADABLE, 2]],
    [
      'a getter of toJSON',
      [
        {
          get toJSON() {
            return throwing();
          },
        },
      ],
      [UNREADABLE],
    ],
    ['a proxy without keys', [new Proxy({}, { ownKeys: throwing })], [UNREADABLE]],
    ['a proxy without prototype', [new Proxy({ a: 1 }, { getPrototypeOf: throwing })], [{ a: 1 }]],
    ['a proxy that is revoked', [revoked(), 1], [UNREADABLE, 1]],
    [
      'a boxed number',
      [Object.assign(Object(1) as object, { valueOf: throwing, toString: throwing })],
      [UNREADABLE],
    ],
    [
      'an error without a name',
      [
        new Proxy(
          {},
          {
            get: () => {
              throw {
                get name() {
                  return throwing();
                },
              };
            },
          },
        ),
      ],
      ['[omitted: reading it threw object]'],
    ],
  ])('%s is a marker', (_, value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it('is a marker under a key of the document, too', () => {
    const call = {
      traceId: 't',
      get unknown() {
        return throwing();
      },
      result: {
        get data() {
          return throwing();
        },
        status: 'ok',
      },
    };
    expect(recorded(call, { argument: 'result' })).toEqual({
      traceId: 't',
      unknown: UNREADABLE,
      result: { data: UNREADABLE, status: 'ok' },
    });
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('promises', () => {
  it('are {}, and what rejects them ends no process', async () => {
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    const rpc: object = new Proxy(() => {}, { get: () => async () => throwing() });
    const reject = async (): Promise<never> => throwing();
    expect(read([reject(), { toJSON: reject }, rpc, { a: rpc }])).toEqual([{}, {}, {}, { a: {} }]);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('the table', () => {
  it('has errors with what they hold', () => {
    const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { status: 500 });
    expect(read(error)).toEqual({
      name: 'TypeError',
      message: 'outer',
      stack: error.stack,
      status: 500,
      cause: expect.objectContaining({ name: 'Error', message: 'inner' }) as unknown,
    });
    const many = new AggregateError([new Error('one')], 'many');
    expect(read(many)).toMatchObject({
      name: 'AggregateError',
      message: 'many',
      errors: [{ message: 'one' }],
    });
    expect(read(new DOMException('gone', 'AbortError'))).toMatchObject({
      name: 'AbortError',
      message: 'gone',
      code: 20,
    });
    const selfish = new Error('self');
    selfish.cause = selfish;
    expect(read(selfish)).toMatchObject({ message: 'self', cause: '[Circular]' });
    expect(read(Object.assign(new Error('x'), { toJSON: () => 'own' }))).toBe('own');
  });

  it('knows what comes from another context', () => {
    const [error, map, bytes, date, plain] = runInNewContext(
      '[new RangeError("far"), new Map([[1, 2]]), new Uint8Array([1]), new Date(0), { a: [1] }]',
    ) as unknown[];
    expect(read(error)).toMatchObject({ name: 'RangeError', message: 'far' });
    expect(read([map, bytes, date, plain])).toEqual([
      [[1, 2]],
      { $binary: 'AQ==', type: 'Uint8Array', bytes: 1 },
      '1970-01-01T00:00:00.000Z',
      { a: [1] },
    ]);
  });

  it('has collections, texts and bytes', () => {
    const value = {
      map: new Map<unknown, unknown>([['a', new Set([1n])]]),
      regexp: /a/g,
      url: new URL('http://a.b/'),
      symbol: Symbol('s'),
      headers: new Headers({ a: 'b' }),
      response: new Response(null, { status: 404, statusText: 'no' }),
      blob: new Blob(['four']),
      buffer: Buffer.from('hi'),
      floats: new Float32Array([1]),
      view: new DataView(new ArrayBuffer(2)),
      raw: new ArrayBuffer(1),
    };
    expect(read(value)).toEqual({
      map: [['a', ['1']]],
      regexp: '/a/g',
      url: 'http://a.b/',
      symbol: 'Symbol(s)',
      headers: [['a', 'b']],
      response: { url: '', status: 404, statusText: 'no', headers: [] },
      blob: { omitted: 'binary', type: '', bytes: 4 },
      buffer: { $binary: 'aGk=', type: 'Buffer', bytes: 2 },
      floats: { $binary: 'AACAPw==', type: 'Float32Array', bytes: 4 },
      view: { $binary: 'AAA=', type: 'DataView', bytes: 2 },
      raw: { $binary: 'AA==', type: 'ArrayBuffer', bytes: 1 },
    });
  });

  it('has dates though Date.prototype.toJSON was overridden', () => {
    const spy = vi.spyOn(Date.prototype, 'toJSON').mockImplementation(throwing);
    expect(read([new Date(0), new Date(NaN)])).toEqual(['1970-01-01T00:00:00.000Z', null]);
    spy.mockRestore();
    expect(read(Object.assign(new Date(0), { toJSON: () => 'mine' }))).toBe('mine');
  });

  it('has a BigInt beside a million numbers, and all of them', () => {
    const numbers = Array.from({ length: 1_200_000 }, (_, n) => n);
    expect(read({ numbers, big: 7n, after: { a: 1 } })).toEqual({ numbers, big: '7', after: { a: 1 } });
  });
});
