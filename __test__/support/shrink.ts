/** Makes a list that fails as small as it gets within some tries, by leaving parts of it out. */

/** `fails` says how a shorter list fails, or `undefined` if it does not. */
export async function shrink<T, F>(
  found: { steps: T[]; failure: F },
  fails: (steps: T[]) => Promise<F | undefined>,
  tries = 120,
): Promise<{ steps: T[]; failure: F }> {
  let smallest = found;
  let left = tries;
  for (let size = Math.ceil(found.steps.length / 2); size >= 1 && left > 0;) {
    let shrunk = false;
    for (let from = smallest.steps.length - size; from > -size && left > 0; from -= size, left--) {
      const steps = smallest.steps.filter((_, n) => n < from || n >= from + size);
      // oxlint-disable-next-line no-await-in-loop -- each try builds on the one before
      const failure = steps.length < smallest.steps.length ? await fails(steps) : undefined;
      if (failure === undefined) continue;
      smallest = { steps, failure };
      shrunk = true;
    }
    if (size === 1 && !shrunk) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return smallest;
}
