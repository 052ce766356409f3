/** No message carries what users or models wrote: not an error's, not that of a process warning, not what `onError` is told. */
import { inspect } from 'node:util';
import { SqliteTraceStore, TraceStoreError, type FailedOperation } from 'tracestore';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { trace } from './support.js';
import { WRITES } from './support/filled-writes.js';
import { PLANTS, planted, placesIn, SECRET, SECRET_NUMBER } from './support/secrets.js';

let warnings: Error[] = [];
const note = (warning: Error): void => void warnings.push(warning);

beforeEach(() => {
  warnings = [];
  process.on('warning', note);
});
afterEach(() => void process.off('warning', note));

/** Everything of an error that is ours; its `cause` is what the caller's own code threw. */
function told(error: unknown): string {
  if (!(error instanceof TraceStoreError)) return `not ours: ${inspect(error)}`;
  const { cause: _cause, ...own } = error;
  return inspect([error.name, error.message, error.field, error.method, own]) + error.stack;
}

function expectNothingOf(texts: readonly string[], where: string): void {
  const leaked = texts.filter((text) => text.includes(SECRET) || text.includes(String(SECRET_NUMBER)));
  expect(leaked, where).toEqual([]);
}

class Listening {
  readonly store: SqliteTraceStore;
  readonly heard: string[] = [];

  constructor(options: object = {}) {
    this.store = new SqliteTraceStore({
      path: ':memory:',
      maxPayloadBytes: 20_000,
      onError: (error: TraceStoreError, operation: FailedOperation) =>
        this.heard.push(told(error), inspect(operation)),
      ...options,
    });
    onTestFinished(() => this.store.close());
  }

  async settle(): Promise<void> {
    await this.store.flush();
    await new Promise((resolve) => setImmediate(resolve));
    const { lastError } = await this.store.info();
    this.heard.push(inspect(lastError), ...warnings.map(({ message }) => message));
  }
}

it.each(PLANTS)('%s, in any place of any call', async (_form, plant) => {
  let refused = 0;
  for (const [method, document, call] of WRITES) {
    const listening = new Listening();
    if (method !== 'startTrace') await listening.store.startTrace(trace());
    for (const place of placesIn(document)) {
      const outcome: unknown = await call(listening.store, planted(document, place, plant)).catch(
        (error: unknown) => [error],
      );
      if (!Array.isArray(outcome)) continue;
      refused++;
      expectNothingOf(outcome.map(told), `${method} ${place.join('.')}`);
    }
    await listening.settle();
    expectNothingOf(listening.heard, method);
  }
  expect(refused).toBeGreaterThan(0);
});

it('an id that can not be read is not heard', async () => {
  const heard: FailedOperation[] = [];
  const { store } = new Listening({
    onError: (_: unknown, operation: FailedOperation) => heard.push(operation),
  });
  const bad = Object.defineProperty(trace({ sessionId: 'c1' }), 'traceId', {
    enumerable: true,
    get: () => {
      throw new Error(SECRET);
    },
  });
  await store.startTrace(bad).catch(() => {});
  expect(heard).toEqual([{ method: 'startTrace', sessionId: 'c1' }]);
});

describe('redact that fails', () => {
  it.each(WRITES)('in %s', async (method, document, call) => {
    const listening = new Listening({
      redact: () => {
        throw new Error(SECRET);
      },
    });
    for (const [, plant] of PLANTS) {
      for (const place of placesIn(document)) {
        await call(listening.store, planted(document, place, plant)).catch(() => {});
      }
    }
    await listening.settle();
    expectNothingOf(listening.heard, method);
  });
});
