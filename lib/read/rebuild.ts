/** Rebuilds documents from an answer: distinct pieces, and per document a header and a tree of places. */
import { copy, planOf, type Plan } from './copy.js';
import { withAdded, withDates } from './events.js';
import { isObject, setField, type Fields } from '../check/safe-read.js';

/**
 * Where a value comes from: an index into the pieces; `[0, literal]`; `[1, key, node, …, object]`, an object in which
 * the listed keys hold placeholders; `[2, node, …]`, an array.
 */
export type Node = number | [0, unknown] | [1, ...unknown[], Fields] | [2, ...Node[]];

/** A part of an answer; pieces are numbered through from part to part, and come before the documents that use them. */
export interface DocumentsPart {
  pieces: unknown[];
  /** Where there are several bodies, each is folded over those before it; a list is of events that are added. */
  docs: Array<[header: Fields, body: Node, ...later: Node[]]>;
}

const DATES = ['startedAt', 'completedAt', 'createdAt', 'updatedAt'];

export interface Rebuilt<Part> {
  /** They share nothing with each other. */
  documents: Fields[];
  /** Of which there is always one: it may say more. */
  last: Part;
}

export function rebuildDocuments<Part extends DocumentsPart>(parts: Iterable<Part>): Rebuilt<Part> {
  const pieces: Piece[] = [];
  const documents: Fields[] = [];
  let last: Part | undefined;
  for (const part of parts) {
    last = part;
    for (const value of part.pieces) pieces.push({ value, taken: false, plan: undefined });
    for (const [header, body, ...later] of part.docs)
      documents.push(rebuildDocument(header, rebuildBody(body, later, pieces)));
  }
  return { documents, last: last as Part };
}

function rebuildDocument(header: Fields, fields: Fields): Fields {
  for (const key of DATES) {
    const time = header[key];
    if (typeof time === 'number') header[key] = new Date(time);
  }
  for (const key of Object.keys(fields)) setField(header, key, fields[key]);
  if (Array.isArray(header['events'])) header['events'] = withDates(header['events']);
  return header;
}

function rebuildBody(body: Node, later: readonly Node[], pieces: Piece[]): Fields {
  const fields = rebuild(body, pieces) as Fields;
  const added: unknown[] = [];
  for (const node of later) {
    const word = rebuild(node, pieces) as Fields | unknown[];
    if (Array.isArray(word)) {
      for (const event of word) added.push(event);
      continue;
    }
    if (Object.hasOwn(word, 'events')) added.length = 0;
    fold(fields, word);
  }
  if (added.length > 0) fields['events'] = withAdded(fields['events'], added);
  return fields;
}

const MERGED = new Set(['metadata', 'genAiAttributes', 'attributes']);

/** What a later word gives takes the place of what was there, `null` clears it, and some objects merge. */
function fold(fields: Fields, later: Fields): void {
  for (const key of Object.keys(later)) {
    const value = later[key];
    const known = fields[key];
    if (value === null) delete fields[key];
    else if (MERGED.has(key) && isObject(known) && isObject(value)) fields[key] = { ...known, ...value };
    else setField(fields, key, value);
  }
}

function rebuild(node: Node, pieces: Piece[]): unknown {
  if (typeof node === 'number') return take(pieces[node] as Piece);
  if (node[0] === 0) return node[1];
  return node[0] === 1 ? rebuildObject(node, pieces) : rebuildArray(node, pieces);
}

function rebuildObject(node: [1, ...unknown[], Fields], pieces: Piece[]): Fields {
  const object = node[node.length - 1] as Fields;
  for (let i = 1; i < node.length - 1; i += 2) {
    setField(object, node[i] as string, rebuild(node[i + 1] as Node, pieces));
  }
  return object;
}

/** In place: the node was parsed for this document alone. */
function rebuildArray(node: [2, ...Node[]], pieces: Piece[]): unknown[] {
  const items: unknown[] = node;
  items.shift();
  for (let i = 0; i < items.length; i += 1) items[i] = rebuild(items[i] as Node, pieces);
  return items;
}

/** A parsed piece: the first use may have it, later ones get copies. */
interface Piece {
  readonly value: unknown;
  taken: boolean;
  plan: Plan | undefined;
}

function take(piece: Piece): unknown {
  if (piece.taken) return copy(piece.value, (piece.plan ??= planOf(piece.value)));
  piece.taken = true;
  return piece.value;
}
