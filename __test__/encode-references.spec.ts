// Imports the encoder itself, not the package: what it hands over is what is looked at, before native code expands it.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Encoder, Oversize, type Frame } from '../lib/write/encode/encode.js';
import { Expander } from './support/expand.js';

const FRAME: Frame = { document: 'span', maxBytes: 64 << 20, onOversize: 'cut' };
const LONG = 'a "long" text, '.repeat(20);

class Instance {
  readonly encoder = new Encoder(() => {});
  readonly native = new Expander();
  /** Bytes of the last body. */
  handedOver = 0;

  write(call: object, frame: Partial<Frame> = {}): unknown {
    const encoded = this.encoder.encode(call as never, { ...FRAME, ...frame });
    this.handedOver = Buffer.byteLength(encoded.text);
    return JSON.parse(this.native.expand(encoded));
  }
}

function check(instance: Instance, call: object): void {
  expect(instance.write(call)).toEqual(JSON.parse(JSON.stringify(call)));
}

describe('what comes again', () => {
  it('is handed over twice at most: texts, also in fresh strings', () => {
    const instance = new Instance();
    const messages = Array.from({ length: 20 }, (_, n) => ({ role: 'user', content: `${LONG}${n}` }));
    check(instance, { input: messages });
    const first = instance.handedOver;
    // What came the second time is worth being remembered.
    check(instance, { input: messages });
    check(instance, { input: messages });
    expect(instance.handedOver).toBeLessThan(first / 5);
    check(instance, { input: JSON.parse(JSON.stringify(messages)) as unknown });
    expect(instance.handedOver).toBeLessThan(first / 5);
  });

  it('is written as it is now: objects that were changed between writes, also in nested ones', () => {
    const instance = new Instance();
    const part = { type: 'text', text: LONG, n: 1 } as Record<string, unknown>;
    const list = [{ parts: [part] }, part];
    const changes: Array<() => unknown> = [
      () => (part['n'] = 2),
      () => (part['text'] = `${LONG}!`),
      () => delete part['n'],
      () => (part['added'] = null),
      () => (part['type'] = { now: 'an object' }),
      () => (part['type'] = [part['text']]),
      () => (part['type'] = list),
      () => (part['type'] = 'text'),
      () => (part['toJSON'] = (): string => 'mine'),
    ];
    for (const change of [() => 0, ...changes.slice(0, 6)]) {
      change();
      check(instance, { input: list });
      check(instance, { input: list });
    }
    changes[6]?.();
    expect(JSON.stringify(instance.write({ input: list }))).toContain('[Circular]');
    for (const change of changes.slice(7)) {
      change();
      check(instance, { input: list });
    }
  });

  it('is asked once for each member, and may answer otherwise', () => {
    const instance = new Instance();
    let asked = 0;
    const object = {
      a: LONG,
      get b() {
        return Math.floor((asked += 1) / 3);
      },
      c: 1,
    };
    for (let n = 1; n <= 12; n += 1)
      expect(instance.write({ input: [object] })).toEqual({
        input: [{ a: LONG, b: Math.floor(n / 3), c: 1 }],
      });
    expect(asked).toBe(12);
  });

  it('is forgotten in generations, and nothing refers to one that was dropped', () => {
    const instance = new Instance();
    const texts = Array.from({ length: 600 }, (_, n) => `${n} `.repeat(6_000));
    for (let round = 0; round < 3; round += 1)
      for (let n = 0; n < texts.length; n += 20)
        check(instance, { input: texts.slice(n, n + 20), output: LONG });
    check(instance, { output: LONG });
    expect(instance.handedOver).toBeLessThan(LONG.length);
    instance.encoder.renew();
    check(instance, { output: LONG });
    expect(instance.handedOver).toBeGreaterThan(LONG.length);
  });
});

describe('definitions', () => {
  it('of a write that is refused, cut or thrown out of are taken back', () => {
    const instance = new Instance();
    check(instance, { input: 'first' });
    const call = { input: LONG, tags: [LONG, { content: LONG }, 'x'.repeat(500)] };
    expect(() => instance.write(call, { maxBytes: 100, onOversize: 'reject' })).toThrow(Oversize);
    instance.write({ input: LONG, metadata: [{ content: `${LONG}2` }] }, { maxBytes: 200 });
    check(instance, { input: LONG, output: [{ content: `${LONG}2` }] });
    const shared = { text: LONG };
    instance.write({ input: Array.from({ length: 60_000 }, () => [shared, shared]), output: LONG });
    check(instance, { input: [shared, LONG] });
  });

  it('are not seen by a write that begins inside another, which is handed over first', () => {
    const instance = new Instance();
    let inner: unknown;
    const outer = {
      input: LONG,
      get output() {
        inner = instance.write({ input: LONG, output: [{ content: `${LONG}inner` }] });
        expect(instance.handedOver).toBeGreaterThan(2 * LONG.length);
        return LONG;
      },
    };
    expect(instance.write(outer)).toEqual({ input: LONG, output: LONG });
    expect(inner).toEqual({ input: LONG, output: [{ content: `${LONG}inner` }] });
    check(instance, { input: [LONG, `${LONG}inner`] });
  });

  it('count in full against maxPayloadBytes', () => {
    const instance = new Instance();
    const input = Array.from({ length: 50 }, () => LONG);
    expect(instance.write({ input })).toEqual({ input });
    expect(() => instance.write({ input }, { maxBytes: 5_000, onOversize: 'reject' })).toThrow(Oversize);
    expect(instance.write({ input }, { maxBytes: 5_000 })).toMatchObject({ input: { omitted: 'array' } });
  });

  it('hold no text alive that theirs was sliced from', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const instance = new Instance();
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 100; n += 1) {
      const large = Buffer.alloc(500_000, `${n} is a number. `).toString('latin1');
      instance.encoder.encode(
        { input: large.slice(7, 107), output: [{ content: large.slice(200, 300) }] },
        FRAME,
      );
    }
    gc();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10e6);
  });
});
