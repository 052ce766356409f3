/** What there is to know of a kind of write, and its code on the wire. */
import type { RedactWhere, WriteMethod } from '../../index.js';
import type { Check, Shape } from '../check/rules.js';
import type { Fields } from '../check/safe-read.js';
import type { Settings } from '../settings.js';
import type { AllowList } from './capture.js';
import NAMES from './operations.json';
import type { Placeholders } from './redact.js';

/** What a method may take beside its document. */
export type IdName = 'traceId' | 'spanId';

export interface Operation {
  readonly method: WriteMethod;
  /** The number that native code knows the operation by: its place in the list that both sides read, from 1. */
  readonly code: number;
  /** The operation in that list. */
  readonly wire: string;
  /** What messages call the document; `''` where its fields are the method's arguments. */
  readonly name: string;
  readonly rules: Shape | Check;
  /** What the method takes before the document; nothing where the document itself says whose it is. */
  readonly ids: readonly IdName[];
  /** What its options may have; absent where that is `ifVersion` alone. */
  readonly options?: Shape;
  /** The ids in the document that reports of the write repeat. */
  readonly tells: ReadonlyArray<'traceId' | 'spanId' | 'sessionId' | 'snapshotId' | 'id'>;
  /** Where content may be; absent when the document has none. */
  readonly content?: Content;
  /** What may be given in more than one way, in one. */
  readonly unify?: (document: Fields) => Fields;
  /** Fills in what the caller left to the store, and gives values the form that native code reads. */
  readonly complete?: (document: Fields, settings: Settings) => unknown;
  /** What native code must know beside the document. */
  readonly stamp?: () => Fields;
  /** What its promise resolves to where nothing is written: the store is switched off, or the queue drops it. */
  readonly unwritten?: (document: unknown) => object;
}

export interface Content {
  readonly document: RedactWhere['document'];
  readonly rules: Shape;
  /** What stays with `captureContent: false`; absent when all of it does. */
  readonly allowed?: AllowList;
  /** What takes the place of a required field that `redact` failed on. */
  readonly placeholders: Placeholders;
}

export const BATCH_CODE = codeOf('batchCreate');
export const IF_VERSION_CODE = codeOf('ifVersion');

/** A write with what all have. */
export function operation(
  method: WriteMethod,
  name: string,
  rules: Shape | Check,
  ids: readonly IdName[] = [],
  wire: string = method,
): Operation {
  const tells = ids.length > 0 ? [] : (['traceId', 'spanId', 'sessionId', 'snapshotId'] as const);
  return { method, code: codeOf(wire), wire, name, rules, ids, tells };
}

function codeOf(wire: string): number {
  const at = NAMES.indexOf(wire);
  if (at === -1) throw new Error(`${wire} is not in operations.json`);
  return at + 1;
}
