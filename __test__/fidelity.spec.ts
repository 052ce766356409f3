/** JSON fidelity: what JSON can carry returns as it was, and what it can't never throws into the agent. */
import * as fc from 'fast-check';
import type { SqliteTraceStore } from 'tracestore';
import { describe, expect, it } from 'vitest';
import { openStore, span, trace } from './support.js';

let next = 0;

/** What comes back of a value that went in as a span's input. */
async function roundTrip(store: SqliteTraceStore, input: unknown): Promise<unknown> {
  const traceId = `t${next++}`;
  await store.addSpan(span({ traceId, input }));
  const [stored] = await store.getSpans(traceId);
  return stored?.input;
}

/** Text of 16-bit units, lone surrogates and NUL included. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })), {
    maxLength: 20,
  })
  .map((units) => String.fromCharCode(...units));

const anyKey = fc.oneof(
  anyText,
  fc.constantFrom('__proto__', 'constructor', 'toJSON', '', '0', '1', 'length'),
);

/** Any JSON value; objects are parsed from text, so that `__proto__` is a key like any other. */
const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }), anyText),
    fc.array(tie('value'), { maxLength: 6 }),
    fc
      .uniqueArray(fc.tuple(anyKey, tie('value')), { selector: ([key]) => key, maxLength: 6 })
      .map((fields): unknown =>
        JSON.parse(
          `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
        ),
      ),
  ),
})).value;

/** Values long enough to be stored in pieces. */
const largeJson = fc
  .array(fc.tuple(anyJson, anyText, fc.integer({ min: 1, max: 400 })), { maxLength: 12 })
  .map((parts) => parts.map(([value, text, times]) => ({ value, text: `${text}${'word '.repeat(times)}` })));

describe('JSON values', () => {
  it('return deep-equal, with the order of their keys', { timeout: 60_000 }, async () => {
    const store = openStore();
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyJson, largeJson), async (value) => {
        expect(JSON.stringify(await roundTrip(store, value))).toBe(JSON.stringify(value));
      }),
      { numRuns: 400 },
    );
  });

  it('return from every field that takes any value', async () => {
    const store = openStore();
    const value: unknown = JSON.parse('{"b":[1,{"__proto__":{"x":1}}],"a":null,"0":"\\ud800\\u0000"}');
    const fields = { apiInput: value, metadata: { value } };
    await store.startTrace(trace({ ...fields, input: { prompt: '\ud800\0', parameters: { value } } }));
    await store.endTrace('t1', {
      status: 'completed',
      apiOutput: value,
      output: { success: true, data: value },
    });
    const stored = await store.getTrace('t1');
    const text = JSON.stringify(value);
    expect(JSON.stringify(stored?.input.parameters['value'])).toBe(text);
    expect(stored?.input.prompt).toBe('\ud800\0');
    expect(JSON.stringify(stored?.apiInput)).toBe(text);
    expect(JSON.stringify(stored?.apiOutput)).toBe(text);
    expect(JSON.stringify(stored?.output?.data)).toBe(text);
    expect(JSON.stringify(stored?.metadata?.['value'])).toBe(text);
  });

  it('that are numbers of a column return to the last bit', async () => {
    const store = openStore();
    const number = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 20, maxLength: 20 }), async (numbers) => {
        const traceId = `t${next++}`;
        await Promise.all(
          numbers.map((durationMs, n) => store.addSpan(span({ traceId, spanId: `${n}`, durationMs }))),
        );
        const [userId = 0, auditingId = 0] = numbers;
        await store.startTrace(trace({ traceId, userId, auditingId }));
        expect((await store.getSpans(traceId)).map(({ durationMs }) => durationMs)).toEqual(numbers);
        expect(await store.getTrace(traceId)).toMatchObject({ userId, auditingId });
        expect((await store.listTraces({ userId })).traces.map((found) => found.traceId)).toContain(traceId);
      }),
    );
  });

  it('with __proto__ as a key do not reach the prototype', async () => {
    const value: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    const stored = (await roundTrip(openStore(), value)) as { polluted?: boolean };
    expect(Object.keys(stored)).toEqual(['__proto__']);
    expect(stored.polluted).toBeUndefined();
  });

  it('of tens of megabytes return whole', { timeout: 60_000 }, async () => {
    const text = '0123456789abcdeé'.repeat(1_250_000);
    const stored = await roundTrip(openStore(), { text });
    expect((stored as { text: string }).text === text).toBe(true);
  });
});

describe('documents that come back', () => {
  it('share nothing with each other', async () => {
    const store = openStore();
    const message = { role: 'user', content: 'long '.repeat(500) };
    await store.addSpan(span({ spanId: 'a', input: [message, message] }));
    await store.addSpan(span({ spanId: 'b', input: [message] }));
    const [a, b] = await store.getSpans('t1');
    const messages = a?.input as Array<typeof message>;
    expect(messages).toEqual([message, message]);
    Object.assign(messages[0] ?? {}, { content: 'changed' });
    expect(messages[1]).toEqual(message);
    expect(b?.input).toEqual([message]);
    expect((await store.getSpans('t1'))[0]?.input).toEqual([message, message]);
  });

  it('are what was given when the method was called', async () => {
    const store = openStore();
    const input = { text: 'then', list: [1] };
    const written = store.addSpan(span({ input }));
    input.text = 'later';
    input.list.push(2);
    await written;
    expect((await store.getSpans('t1'))[0]?.input).toEqual({ text: 'then', list: [1] });
  });
});

class Thrower {
  get bad(): string {
    throw new RangeError('no');
  }
}

function withoutStack(error: Error): Error {
  delete error.stack;
  return error;
}

describe('values that JSON cannot carry', () => {
  const cyclic: Record<string, unknown> = { a: 1 };
  cyclic['self'] = cyclic;
  const throwing = Object.defineProperty({ good: 1 }, 'bad', {
    enumerable: true,
    get: () => new Thrower().bad,
  });
  const throwingJson = {
    toJSON() {
      throw new TypeError('no');
    },
  };

  it.each<[string, unknown, unknown]>([
    ['undefined', undefined, undefined],
    ['null', null, null],
    ['undefined inside', { a: undefined, b: [undefined] }, { b: [null] }],
    ['a BigInt', { n: 12345678901234567890n, z: 1 }, { n: '12345678901234567890', z: 1 }],
    ['a BigInt alone', 5n, '5'],
    ['a cycle', cyclic, { a: 1, self: '[Circular]' }],
    ['a Map and a Set', [new Map([[1, 2]]), new Set([1])], [[[1, 2]], [1]]],
    ['an Error', withoutStack(new TypeError('x')), { name: 'TypeError', message: 'x' }],
    ['a typed array', new Uint8Array([1, 2]), { $binary: 'AQI=', type: 'Uint8Array', bytes: 2 }],
    [
      'a typed array beside a BigInt',
      [new Float32Array([0.5]), 1n],
      [{ $binary: 'AAAAPw==', type: 'Float32Array', bytes: 4 }, '1'],
    ],
    ['a function', () => 1, undefined],
    ['a function inside', { f: () => 1, l: [() => 1] }, { l: [null] }],
    ['a symbol', Symbol('x'), 'Symbol(x)'],
    ['NaN and infinities', [Number.NaN, Infinity, -Infinity], [null, null, null]],
    ['a Date', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['an invalid Date', { at: new Date(Number.NaN) }, { at: null }],
    ['-0', [-0], [0]],
    ['a getter that throws', throwing, { good: 1, bad: '[omitted: reading it threw RangeError]' }],
    [
      'a toJSON that throws',
      { j: throwingJson, n: 1n },
      { j: '[omitted: reading it threw TypeError]', n: '1' },
    ],
  ])('%s', async (_name, value, expected) => {
    expect(await roundTrip(openStore(), value)).toEqual(expected);
  });

  it('leave the other fields as they are', async () => {
    const store = openStore();
    await store.startTrace(trace());
    const output = { success: true, data: throwingJson, toolsUsed: ['a'] };
    await store.endTrace('t1', { status: 'completed', output, metadata: { big: 1n } });
    expect(await store.getTrace('t1')).toMatchObject({
      output: { success: true, data: '[omitted: reading it threw TypeError]', toolsUsed: ['a'] },
      metadata: { big: '1' },
    });
  });

  it('do not take for ever when everything refers to everything', async () => {
    const nodes: Array<Record<string, unknown>> = Array.from({ length: 16 }, () => ({}));
    for (const node of nodes) nodes.forEach((other, i) => (node[`n${i}`] = other));
    const stored = await roundTrip(openStore({ maxPayloadBytes: 512 * 1024 * 1024 }), nodes[0]);
    expect(stored).toBeTypeOf('object');
  }, 60_000);
});

describe('depth', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 'core';
    for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
    return value;
  };
  const levelsOf = (value: unknown): [number, unknown] => {
    let levels = 0;
    let at = value;
    while (typeof at === 'object' && at !== null) {
      at = Object.values(at)[0];
      levels++;
    }
    return [levels, at];
  };

  it('of 900 levels is kept', async () => {
    expect(levelsOf(await roundTrip(openStore(), nested(900)))).toEqual([900, 'core']);
  });

  it.each([2_000, 5_000, 100_000])('of %i levels is cut at about 1,000, with a marker', async (levels) => {
    const [kept, core] = levelsOf(await roundTrip(openStore(), nested(levels)));
    expect(kept).toBeGreaterThan(990);
    expect(kept).toBeLessThanOrEqual(1000);
    expect(core).toBe('[nested deeper than 1000 levels]');
  });
});
