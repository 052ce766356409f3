/**
 * Counts the values of a field that are reached through an object that the field has shown before.
 *
 * A graph has more paths than objects: eight objects that list each other have 110,000. Objects are only noted until
 * there are enough values for the bound to be passed at all, since looking each of them up costs as much as writing it.
 */

/** Values reached through repeats that a field may hold. */
export const MOST_REPEATED = 100_000;

export class TooManyRepeats extends Error {}

/** A small integer, which V8 keeps in the object itself. */
const OPEN = -1;

interface Shown {
  readonly object: object;
  /** How many values the field had before it, and when it was done; {@link OPEN} until then. */
  readonly from: number;
  to: number;
  /** The one shown before: a list that grows with each object would cost more than writing small ones. */
  readonly before: Shown | undefined;
}

export class Repeats {
  /** Values of the field so far. */
  values = 0;
  #last: Shown | undefined;
  /** Those shown, once they must be looked up. */
  #known: Set<object> | undefined;
  #repeated = 0;
  /** The repeat that the walk is inside of. */
  #outer: Shown | undefined;

  reset(): void {
    this.values = 0;
    this.#repeated = 0;
    this.#outer = undefined;
    this.#known = undefined;
    this.#last = undefined;
  }

  /** Whether anything at all was shown twice. */
  get any(): boolean {
    if (this.#known === undefined) this.#lookBack();
    return this.#repeated > 0 || this.#outer !== undefined;
  }

  /** Before an object's members; the answer is for `leave`. */
  enter(object: object): Shown {
    const shown: Shown = { object, from: this.values - 1, to: OPEN, before: this.#last };
    if (this.values > MOST_REPEATED && this.#known === undefined) this.#lookBack();
    if (this.#known === undefined) this.#last = shown;
    else this.#look(this.#known, shown);
    return shown;
  }

  /** @throws {TooManyRepeats} */
  leave(shown: Shown): void {
    shown.to = this.values;
    if (this.#known === undefined) return;
    if (shown === this.#outer) {
      this.#repeated += shown.to - shown.from;
      this.#outer = undefined;
    }
    this.#check();
  }

  #look(known: Set<object>, shown: Shown): void {
    if (this.#outer === undefined && known.has(shown.object)) this.#outer = shown;
    known.add(shown.object);
    this.#check();
  }

  #check(): void {
    const inside = this.#outer === undefined ? 0 : this.values - this.#outer.from;
    if (this.#repeated + inside > MOST_REPEATED) throw new TooManyRepeats();
  }

  /** Finds the repeats among what was only noted. */
  #lookBack(): void {
    const known = new Set<object>();
    let counted = 0; // up to this value
    for (const shown of this.#inOrder()) {
      if (shown.from >= counted && known.has(shown.object)) {
        counted = shown.to === OPEN ? Infinity : shown.to;
        if (shown.to === OPEN) this.#outer = shown;
        else this.#repeated += shown.to - shown.from;
      }
      known.add(shown.object);
    }
    this.#known = known;
    this.#last = undefined;
  }

  #inOrder(): Shown[] {
    const all: Shown[] = [];
    for (let shown = this.#last; shown !== undefined; shown = shown.before) all.push(shown);
    return all.toReversed();
  }
}
