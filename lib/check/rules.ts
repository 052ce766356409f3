/** What tables of fields are made of. */

/** What is wrong, and where below the value that was checked. */
export interface Problem {
  at: string;
  expected: string;
  found: Found;
}

/** What was found: the value itself, of which no more is told than the call allows, or words that quote nothing. */
export type Found = { readonly value: unknown } | { readonly words: string };

/** `undefined` when the value will do, once what `seen` names is put right. */
export type Check = (value: unknown, seen: Seen) => Problem | undefined;

export interface Seen {
  /** How often `null` stands for an absent field. */
  nulls: number;
  /** What is wrong and can be mended. */
  readonly mended: Mendable[];
}

/** Something wrong that can be mended. */
export interface Mendable {
  readonly problem: Problem;
  /** What mending loses, in words of ours. */
  readonly loss?: string | undefined;
}

export interface Field {
  readonly name: string;
  readonly check: Check;
  readonly required: boolean;
  /** Holds what users or models wrote: offered to `redact`. */
  readonly content: boolean;
  /** `null` means something of its own, and is kept. */
  readonly nullable: boolean;
  readonly shape?: Shape;
  /** A value that the check refuses is mended, if it can be. */
  readonly mend?: Mend;
}

/** An object with named fields. */
export interface Shape {
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  readonly kind: ShapeKind;
}

/**
 * A document may have fields of the caller's own. A closed document may not. Arguments are what a developer writes in
 * code: unknown keys are refused, `null` does not mean absent, and messages quote what was given.
 */
export type ShapeKind = 'document' | 'closed document' | 'arguments';

/** What is recorded of a value that its check refuses. */
export interface Mended {
  /** `undefined` leaves the field out. */
  readonly value: unknown;
  /** What becomes of a value that is lost by it, in words of ours: it is reported. */
  readonly loss?: string | undefined;
}

/** Of a value that its check refuses; `undefined` if there is no way to put it right. */
export type Mend = (value: unknown) => Mended | undefined;
