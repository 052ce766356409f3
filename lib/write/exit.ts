/**
 * Does what is left to do when the process or worker thread exits (commits what was accepted, says what nobody heard
 * of): one listener for all stores and all copies of this module.
 */

/** Something with accepted writes, or warnings. */
export interface Drainable {
  /**
   * Does on this thread what is left to do, and from now on every further thing at once. Must not throw.
   * `began` is when the end did, by `performance.now()`: whoever waits counts from there, so that many stores wait no
   * longer than one.
   */
  drainForExit(began: number): void;
}

interface Registry {
  /** When the end began. */
  exitBegan: number | undefined;
  /** Weak, so that a store that was never closed can be collected; it has nothing left to do then. */
  stores: Set<WeakRef<Drainable>>;
}

const KEY = Symbol.for('tracestore.exit');

/** @returns how to undo it. */
export function drainAtExit(store: Drainable): () => void {
  const registry = sharedRegistry();
  const reference = new WeakRef(store);
  registry.stores.add(reference);
  collected.register(store, reference, reference);
  if (registry.exitBegan !== undefined) store.drainForExit(registry.exitBegan);
  return () => {
    registry.stores.delete(reference);
    collected.unregister(reference);
  };
}

const collected = new FinalizationRegistry<WeakRef<Drainable>>((reference) => {
  sharedRegistry().stores.delete(reference);
});

function sharedRegistry(): Registry {
  const holder = globalThis as { [KEY]?: Registry };
  holder[KEY] ??= listen({ exitBegan: undefined, stores: new Set() });
  return holder[KEY];
}

function listen(registry: Registry): Registry {
  // First, because a listener that calls process.exit() is the last one that runs.
  process.prependListener('exit', () => {
    const began = (registry.exitBegan ??= performance.now());
    for (const reference of registry.stores) reference.deref()?.drainForExit(began);
  });
  return registry;
}
