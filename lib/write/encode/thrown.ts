/** What is written where a getter, a `toJSON` or a proxy throws: a marker, so that its neighbours survive. */

const LONGEST_NAME = 64;

export function marker(error: unknown): string {
  return `[omitted: reading it threw ${nameOf(error)}]`;
}

/** A member's value, or the marker. */
export function read(object: object, key: string | number): unknown {
  try {
    return (object as Record<string | number, unknown>)[key];
  } catch (error) {
    return marker(error);
  }
}

/** What was thrown is the caller's, too: asking for its name may throw again. */
function nameOf(error: unknown): string {
  try {
    if (error instanceof Error && typeof error.name === 'string' && error.name.length <= LONGEST_NAME)
      return error.name;
  } catch {
    return 'Error';
  }
  return typeof error;
}
