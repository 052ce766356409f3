/** Reads of much content: only JavaScript's heap limits them, and what passes that is refused before it ends the process. */
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { tempFolder } from './support.js';
import { runScript } from './support/child.js';

vi.setConfig({ testTimeout: 120_000 });

/** What a script says that has so much memory, MiB. */
async function report(heapMiB: number, task: object): Promise<Record<string, unknown>> {
  const options = { nodeFlags: [`--max-old-space-size=${heapMiB}`], timeoutMs: 110_000 };
  const path = join(tempFolder(), 'traces.db');
  const outcome = await runScript('long-reads.mjs', { path, ...task }, options);
  expect(outcome).toMatchObject({ code: 0, signal: null, stderr: '' });
  return JSON.parse(outcome.stdout) as Record<string, unknown>;
}

describe('a trace of more than 512 MiB, which no string of JavaScript holds', () => {
  it('is read whole', async () => {
    const count = 36;
    const { chars, firsts } = await report(2048, { scenario: 'texts', count });
    expect(chars).toBeGreaterThan(2 ** 29);
    expect(firsts).toEqual(Array.from({ length: count }, (_, n) => n));
  });
});

describe('a trace that fits into no heap of this size, because every span has all earlier messages', () => {
  it('is refused before it ends the process, and the refusal says how to read it', async () => {
    const { message, codes, spans, pages } = await report(96, { scenario: 'loop', count: 1500 });
    expect(message).toMatch(/getSpans: .* MiB .*getSpans\(traceId, \{ maxBytes \}\)/);
    expect(codes).toEqual(['TOO_LARGE', 'read', 'TOO_LARGE']);
    expect(spans).toBe(1500);
    expect(pages).toBeGreaterThan(1);
  });
});

describe('a page of 50 traces that fits into no heap of this size', () => {
  it('is refused, and read in pages that end as the heap allows', async () => {
    const { message, seen } = await report(128, { scenario: 'traces', count: 50 });
    expect(message).toMatch(/listTraces: .* MiB .*maxBytes and nextCursor/);
    const pages = seen as number[];
    expect(pages.reduce((sum, shown) => sum + shown, 0)).toBe(50);
    expect(pages.length).toBeGreaterThan(1);
  });
});
