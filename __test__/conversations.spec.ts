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
});
