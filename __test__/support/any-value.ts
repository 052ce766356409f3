/** Recipes for values of every kind that `JSON.stringify` can write or the table of stand-ins knows; made anew each time. */
import * as fc from 'fast-check';

/** Makes a value; what its getters, proxies and `toJSON` are asked goes into the log. */
export type Recipe = (log: string[]) => unknown;

const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0x20, max: 0x7e })), {
    maxLength: 12,
  })
  .map((units) => String.fromCharCode(...units));

/** The same few long texts again and again, in fresh strings and in old ones, plain and with escapes. */
const OLD = [0, 1, 2, 3, 4, 5].map(
  (n) => `${'a long text, "quoted"\n'.slice(n)}${'word é '.repeat(8 + n * 40)}${n}`,
);
const longText = fc
  .tuple(fc.constantFrom(...OLD), fc.boolean())
  .map(([text, fresh]) => (fresh ? Buffer.from(text, 'utf16le').toString('utf16le') : text));

const text = fc.oneof(
  anyText,
  longText,
  fc.constantFrom('user', 'text', '\ud83d\ude00', '\ud83d', '\ude00', '\u2028'),
);

const key = fc.oneof(
  anyText,
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'length',
    '',
    '0',
    '7',
    'role',
    'content',
    'omitted',
  ),
);

const primitive: fc.Arbitrary<Recipe> = fc
  .oneof(
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.bigInt(),
    fc.constantFrom(null, undefined, -0, NaN, Infinity, 1e21, 5e-324, Symbol('a'), Symbol.iterator),
    fc.constant(() => 1),
  )
  .map((value) => () => value);

class Instance {
  own: unknown;
  #hidden = 1;
  constructor(own: unknown) {
    this.own = own;
  }
  get shown(): number {
    return this.#hidden;
  }
}

class WithToJSON extends Instance {
  toJSON(at: string): unknown {
    return { at, own: this.own };
  }
}

/** Objects that are more than their fields; `inside` is a value to hold. */
const SPECIAL: ReadonlyArray<(inside: unknown, log: string[]) => unknown> = [
  (inside) => new Instance(inside),
  (inside) => new WithToJSON(inside),
  (inside) => ({ a: 1, toJSON: () => inside }),
  (inside) => Object.assign([1], { toJSON: (at: string) => [at, inside] }),
  (inside) => Object.assign(() => 1, { toJSON: () => inside }),
  (inside) => Object.assign(Object.create({ inherited: 1 }) as object, { inside }),
  (inside) => Object.assign(Object.create(null) as object, { inside, toJSON: 'no function' }),
  (inside) => Object.defineProperty({ inside }, 'hidden', { value: 1 }),
  (inside) => Object.assign({ inside }, { [Symbol('s')]: 1 }),
  (inside, log) => logged(inside, log),
  (inside, log) => new Proxy({ inside, b: 2 }, tracing(log)),
  (inside, log) => new Proxy([inside, 2], tracing(log)),
  (inside) => new Proxy(new Map([[1, inside]]), {}),
  (inside) =>
    new Map<unknown, unknown>([
      ['k', inside],
      [{ a: 1 }, 2],
    ]),
  (inside) => new Set([1, inside]),
  (inside) => new Error('failed', { cause: inside }),
  (inside) => new AggregateError([new TypeError('one'), inside], 'many'),
  (inside) => Object.assign(new RangeError('odd'), { name: 'OddError', status: 500, inside }),
  () => new DOMException('gone', 'AbortError'),
  () => new Date(1_700_000_000_123),
  () => new Date(NaN),
  (inside) => Object.assign(new Date(5), { toJSON: () => inside }),
  () => Buffer.from('bytes'),
  () => new Uint8Array([1, 2, 255]),
  () => new Float64Array([1.5, 2]),
  () => new DataView(new ArrayBuffer(5), 1, 3),
  () => new ArrayBuffer(3),
  () => new Blob(['text'], { type: 'text/plain' }),
  () => new URL('http://example.com/?a=1#b'),
  () => new URLSearchParams('a=1&b=%20'),
  () => new Headers({ accept: 'all', 'x-b': '2' }),
  () => new Response('body', { status: 201 }),
  () => /a"b/gu,
  () => Promise.resolve(1),
  (inside) => rejected(inside),
  () => new Number(3),
  () => new Number(NaN),
  () => new String('boxed "text"'),
  () => new Boolean(false),
  () => Object(5n) as unknown,
  () => Object(Symbol('boxed')) as unknown,
  () => new WeakMap(),
  () => Object.freeze([]),
];

/** Handled here: not every holder shows what it holds. */
function rejected(reason: unknown): Promise<unknown> {
  const promise = Promise.reject(reason);
  promise.catch(() => {});
  return promise;
}

/** An object with a getter that answers otherwise each time. */
function logged(inside: unknown, log: string[]): object {
  let asked = 0;
  return {
    get getter() {
      log.push('getter');
      asked += 1;
      return [asked, inside];
    },
    after: 1,
  };
}

function tracing(log: string[]): ProxyHandler<object> {
  return {
    get(target, name, receiver) {
      log.push(`get ${String(name)}`);
      return Reflect.get(target, name, receiver) as unknown;
    },
    ownKeys(target) {
      log.push('keys');
      return Reflect.ownKeys(target);
    },
  };
}

export const anyRecipe: fc.Arbitrary<Recipe> = fc.letrec<{ value: Recipe }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    primitive,
    fc.array(tie('value'), { maxLength: 6 }).map(
      (items): Recipe =>
        (log) =>
          items.map((make) => make(log)),
    ),
    fc
      .array(tie('value'), { maxLength: 3 })
      // oxlint-disable-next-line no-sparse-arrays -- holes are what is tried
      .map((items): Recipe => (log) => [, ...items.map((make) => make(log)), , ,]),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map(
      (fields): Recipe =>
        (log) =>
          objectOf(fields.map(([name, make]) => [name, make(log)])),
    ),
    fc.array(fc.array(fc.tuple(key, primitive), { maxLength: 4 }), { maxLength: 4 }).map(
      (list): Recipe =>
        (log) =>
          list.map((fields) => objectOf(fields.map(([name, make]) => [name, make(log)]))),
    ),
    fc.tuple(tie('value'), fc.integer({ min: 2, max: 3 })).map(([make, times]): Recipe => (log) => {
      const shared = make(log);
      return Array.from({ length: times }, () => shared);
    }),
    fc.tuple(fc.constantFrom(...SPECIAL), tie('value')).map(
      ([special, make]): Recipe =>
        (log) =>
          special(make(log), log),
    ),
  ),
})).value;

/** `__proto__` is a key like any other. */
function objectOf(fields: ReadonlyArray<readonly [string, unknown]>): object {
  const object = {};
  for (const [name, value] of fields)
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  return object;
}
