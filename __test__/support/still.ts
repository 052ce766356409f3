/** Times of writing and made-up ids, which would tell two stores apart that hold the same: here they are always the same. */
import { afterEach, beforeEach, vi } from 'vitest';
import { T0 } from '../support.js';

/** For every test of the file; after `begin` the ids are those of before. */
export function standStill(): { begin(): void } {
  let made = 0;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: T0 });
    vi.spyOn(globalThis.crypto, 'randomUUID').mockImplementation(
      () => `00000000-0000-4000-8000-${String(made++).padStart(12, '0')}`,
    );
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  return {
    begin() {
      made = 0;
    },
  };
}
