// Imports the encoder itself, not the package: how it bounds what has no bound, before native code sees it.
import { describe, expect, it, vi } from 'vitest';
import { Oversize, plainText, type Frame } from '../lib/write/encode/encode.js';

vi.setConfig({ testTimeout: 60_000 });

const FRAME: Frame = { document: 'span', maxBytes: 64 << 20, onOversize: 'cut' };

function recorded(call: object, frame: Partial<Frame> = {}): Record<string, unknown> {
  return JSON.parse(plainText(call as never, { ...FRAME, ...frame })) as never;
}

const read = (value: unknown): unknown => recorded({ input: value })['input'];

describe('graphs', () => {
  const friends = (count: number): object[] => {
    const all = Array.from({ length: count }, (_, n) => ({ n, friends: [] as object[] }));
    for (const one of all) one.friends = all.filter((other) => other !== one);
    return all;
  };

  it('are "[Circular]" on their own path, and written in full beside it', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { shared, list: [shared, shared] };
    value['self'] = value;
    expect(read(value)).toEqual({ shared, list: [shared, shared], self: '[Circular]' });
    const three = read(friends(3)) as Array<{ friends: Array<{ friends: unknown[] }> }>;
    expect(three[0]?.friends[0]?.friends).toEqual([
      '[Circular]',
      { n: 2, friends: ['[Circular]', '[Circular]'] },
    ]);
  });

  it('that have too many paths show each object where it is shallowest, and leave their neighbours alone', () => {
    const shared = { a: 1 };
    const call = {
      spanId: 's',
      output: { deep: [friends(8)], top: friends(8)[0] },
      metadata: [shared, shared],
      input: [friends(8)],
    };
    const stored = recorded(call);
    expect(stored['metadata']).toEqual([shared, shared]);
    const [members] = stored['input'] as [Array<{ n: number; friends: unknown[] }>];
    expect(members.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const { friends: seen } of members)
      expect(seen).toEqual(Array.from({ length: 7 }, () => '[Repeated]'));
    expect(JSON.stringify(stored).length).toBeLessThan(10_000);
  });

  it('of doublings are bounded, at every depth and whatever makes them', () => {
    let doubled: unknown = { text: 'x'.repeat(20) };
    for (let i = 0; i < 25; i += 1) doubled = i % 2 ? [doubled, doubled] : { a: doubled, b: doubled };
    expect(JSON.stringify(read(doubled)).length).toBeLessThan(5_000);
    const fresh: object = { toJSON: () => ({ a: fresh, b: fresh }) };
    expect(read(fresh)).toEqual({ a: '[Circular]', b: '[Circular]' });
  });

  it('are written in full up to 100,000 values behind repeats, and not one further', () => {
    const leaf = Array.from({ length: 999 }, () => 1); // a thousand values
    const whole = Array.from({ length: 101 }, () => leaf);
    expect(read(whole)).toEqual(whole);
    expect(read([...whole, [leaf]])).toEqual([
      leaf,
      ...Array.from({ length: 100 }, () => '[Repeated]'),
      ['[Repeated]'],
    ]);
  });

  it('are cut below 1,000 levels, also when they are endless', () => {
    const deep = (levels: number): unknown[] => {
      let value: unknown[] = [];
      for (let i = 1; i < levels; i += 1) value = [value];
      return value;
    };
    const levels = (value: unknown): number =>
      Array.isArray(value) && value.length > 0 ? 1 + levels(value[0]) : 1;
    expect(read(deep(1000))).toEqual(deep(1000));
    expect(levels(read(deep(100_000)))).toBe(1001);
    const endless = (): object =>
      new Proxy(
        {},
        {
          ownKeys: () => ['a'],
          getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
          get: (_, key) => (key === 'a' ? endless() : undefined),
        },
      );
    expect(JSON.stringify(read(endless()))).toContain('[nested deeper than 1000 levels]');
  });

  it('are marked where the stack ends, when it was nearly used up before', () => {
    let value: unknown[] = [1];
    for (let i = 0; i < 990; i += 1) value = [value];
    const call = (): Record<string, unknown> => {
      try {
        return call();
      } catch {
        return recorded({ spanId: 's', input: value });
      }
    };
    expect(call()).toMatchObject({ spanId: 's' });
  });
});

describe('what is too large', () => {
  const maxBytes = 10_000;
  const cut = (call: object, frame: Partial<Frame> = {}): Record<string, unknown> => {
    const text = plainText(call as never, { ...FRAME, maxBytes, ...frame });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
    return JSON.parse(text) as Record<string, unknown>;
  };

  it('keeps the beginning of a text, and neighbours', () => {
    const input = 'é\n\ud83d\ude00'.repeat(5_000);
    const stored = cut({ spanId: 's', input, output: { a: 'x'.repeat(500) } });
    expect(stored['output']).toEqual({ a: 'x'.repeat(500) });
    const text = stored['input'] as string;
    expect(text.length).toBeGreaterThan(3_000);
    expect(text.isWellFormed()).toBe(true);
    const [kept = ''] = text.split('…');
    expect(input.startsWith(kept)).toBe(true);
    expect(text).toContain(`[cut: ${Buffer.byteLength(input)} bytes]`);
  });

  it('is { omitted, bytes } where it is no text', () => {
    const output = Array.from({ length: 9_000 }, () => 1);
    expect(cut({ spanId: 's', output, input: 'short', unknown: { a: 'x'.repeat(50_000) } })).toEqual({
      spanId: 's',
      output: { omitted: 'array', bytes: 18_001 },
      input: 'short',
      unknown: { omitted: 'object', bytes: 50_008 },
    });
  });

  it('keeps the types of the contract', () => {
    const long = 'y'.repeat(20_000);
    const result = {
      status: 'completed',
      output: { success: true, data: { long }, error: long },
      input: { prompt: long, parameters: { long }, history: [{ role: 'user', content: long }] },
    };
    const stored = cut({ traceId: 't', result, now: 1 }, { document: 'trace', argument: 'result' });
    expect(stored).toMatchObject({
      traceId: 't',
      now: 1,
      result: {
        status: 'completed',
        output: {
          success: true,
          data: { omitted: 'object', bytes: 20_011 },
          error: expect.stringContaining('[cut: ') as unknown,
        },
        input: {
          prompt: expect.stringContaining('[cut: ') as unknown,
          parameters: { omitted: 'object', bytes: 20_011 },
          history: [{ role: 'user', content: expect.any(String) as unknown }],
        },
      },
    });
    const snapshot = cut({ snapshotId: 'c', prompts: { a: long, b: 'b' } }, { document: 'configSnapshot' });
    expect(snapshot).toMatchObject({ prompts: { a: expect.stringContaining('[cut: ') as unknown, b: 'b' } });
  });

  it('is refused rather than a list of the contract becoming something else', () => {
    const output = { success: true, toolsUsed: Array.from({ length: 3_000 }, () => 'tool'), data: 'x' };
    const frame = { ...FRAME, document: 'trace', argument: 'result', maxBytes } as const;
    expect(() => plainText({ result: { output } }, frame)).toThrow(Oversize);
  });

  it('is never more work than a few times the bound', () => {
    const wide = (): object => ({
      get a() {
        return wide();
      },
      get b() {
        return wide();
      },
    });
    expect(cut({ spanId: 's', input: wide() })['input']).toMatchObject({ omitted: 'object' });
    expect(cut({ spanId: 's', input: Array(2 ** 32 - 1) })['input']).toMatchObject({ omitted: 'array' });
  });

  it('is refused where that is asked for, or where nothing can be cut', () => {
    const frame = { ...FRAME, maxBytes };
    expect(() => plainText({ input: 'x'.repeat(20_000) }, { ...frame, onOversize: 'reject' })).toThrow(
      Oversize,
    );
    expect(() => plainText({ tags: ['x'.repeat(20_000)] }, frame)).toThrow(Oversize);
  });
});
