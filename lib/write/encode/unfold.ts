/**
 * A field whose objects repeat too often, as a tree of fresh containers: each object in full where it is shallowest,
 * `"[Repeated]"` elsewhere. Goes level by level, so that it takes as long as there are members, not paths.
 */
import { type Fields, read, setField } from '../../check/safe-read.js';
import { Unescaped } from './binary.js';
import { isArray, keysOf } from './members.js';
import { asked, presented, toJSONOf, type Asked, type ToJSON } from './present.js';
import { MAX_DEPTH } from './bounds.js';

export const REPEATED = '[Repeated]';

/** An object that was shown, and the way to it. */
interface Shown {
  readonly object: object;
  readonly parent: Shown | undefined;
  readonly depth: number;
}

/** A container whose members are still to be read, and where they go. */
interface Open {
  readonly keys: readonly string[];
  readonly from: object;
  readonly to: Fields | unknown[];
  readonly shown: Shown;
}

export function unfold(value: unknown, key: string): unknown {
  const known = new Set<object>();
  const open: Open[] = [];
  const top = unfoldOne(value, key, undefined, known, open);
  // Grows while it is gone through.
  for (const container of open) unfoldMembers(container, known, open);
  return top;
}

function unfoldMembers({ keys, from, to, shown }: Open, known: Set<object>, open: Open[]): void {
  if (Array.isArray(to)) {
    const length = read(from, 'length') as number;
    for (let i = 0; i < length; i += 1) to.push(unfoldOne(read(from, i), i, shown, known, open));
    return;
  }
  for (const key of keys) setField(to, key, unfoldOne(read(from, key), key, shown, known, open));
}

function unfoldOne(
  value: unknown,
  key: string | number,
  parent: Shown | undefined,
  known: Set<object>,
  open: Open[],
): unknown {
  if (!isAsked(value)) return value;
  if (typeof value === 'object') {
    if (known.has(value)) return isAbove(value, parent) ? '[Circular]' : REPEATED;
    known.add(value);
  }
  const container = shownOf(value, key);
  if (typeof container !== 'object' || container === null || Unescaped.is(container)) return container;
  const keys = isArray(container) ? [] : keysOf(container);
  if (typeof keys === 'string') return keys;
  const depth = (parent?.depth ?? 0) + 1;
  const shown = { object: typeof value === 'object' ? value : container, parent, depth };
  // A level more than is written: the walk says what is cut.
  const to: Fields | unknown[] = isArray(container) ? [] : (Object.create(null) as Fields);
  if (depth <= MAX_DEPTH + 1) open.push({ keys, from: container, to, shown });
  return to;
}

function shownOf(value: Asked, key: string | number): unknown {
  const toJSON = toJSONOf(value);
  const shown = presented(typeof toJSON === 'function' ? asked(value, key, toJSON as ToJSON) : value);
  return typeof shown === 'function' ? undefined : shown;
}

function isAsked(value: unknown): value is Asked {
  return (
    (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'bigint'
  );
}

function isAbove(object: object, from: Shown | undefined): boolean {
  for (let at = from; at !== undefined; at = at.parent) if (at.object === object) return true;
  return false;
}
