/** Conversations that grow and are sent again with each call: what is shared in the file is told apart in the answers. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore, span } from './support.js';

let next = 0;

describe('conversations that are sent again and again', () => {
  /** Parts of lengths around those from which text is stored apart; few letters, so that many begin alike. */
  const part = fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom(1, 60, 70, 250, 260, 9000))
    .map(([letter, length]) => ({ type: 'text', text: letter.repeat(length) }));
  const message = fc.record({
    role: fc.constantFrom('user', 'tool'),
    content: fc.array(part, { maxLength: 3 }),
  });

  it('come back each as it was', { timeout: 60_000 }, async () => {
    const store = openStore();
    const turns = fc.array(fc.array(message, { maxLength: 4 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(turns, fc.boolean(), async (conversation, oneTrace) => {
        const run = next++;
        const inputs = conversation.map((messages) => ({ messages }));
        const ids = inputs.map((_, n) => `r${run}-${oneTrace ? 0 : n}`);
        await Promise.all(
          inputs.map((input, n) => store.addSpan(span({ traceId: ids[n] as string, spanId: `${n}`, input }))),
        );
        const stored = await Promise.all([...new Set(ids)].map((traceId) => store.getSpans(traceId)));
        expect(stored.flat().map(({ input }) => input as unknown)).toEqual(inputs);
      }),
      { numRuns: 300 },
    );
  });

  it('share no object with each other, however deep it lies', { timeout: 60_000 }, async () => {
    const store = openStore();
    const parts = fc.array(fc.record({ long: fc.constant('x'.repeat(100)), value: fc.jsonValue() }));
    await fc.assert(
      fc.asyncProperty(parts, async (input) => {
        const traceId = `s${next++}`;
        await Promise.all(['a', 'b', 'c'].map((spanId) => store.addSpan(span({ traceId, spanId, input }))));
        const inputs = (await store.getSpans(traceId)).map((stored) => stored.input as unknown);
        const plain: unknown = JSON.parse(JSON.stringify(input));
        expect(inputs).toEqual([plain, plain, plain]);
        const objects = objectsIn(inputs);
        expect(new Set(objects).size).toBe(objects.length);
      }),
    );
  });
});

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}
