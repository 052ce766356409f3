/** A write's promise resolves to what native code answers to it, if it answers anything. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openStore, span } from './support.js';

const ANSWERING = fileURLToPath(new URL('children/receipts.cjs', import.meta.url));

it('a receipt reaches the write that it belongs to', async () => {
  const store = openStore({ nativeBinding: ANSWERING });
  const writes = ['a', 'b', 'c'].map((spanId) => store.addSpan(span({ spanId })));
  expect(await Promise.all(writes)).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
});

it("the contract's writes answer nothing", async () => {
  const store = openStore();
  await expect(store.addSpan(span())).resolves.toBeUndefined();
});
