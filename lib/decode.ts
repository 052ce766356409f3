/** Rebuilds documents from an answer: distinct pieces, and per document a header and a tree of places. */
import { setField, type Fields } from './objects.js';

/**
 * Where a value comes from: an index into the pieces; `[0, literal]`; `[1, object, key, node, …]`, an object whose
 * listed keys hold placeholders; `[2, node, …]`, an array.
 */
export type Node = number | [0, unknown] | [1, Fields, ...unknown[]] | [2, ...Node[]];

export interface DocumentsAnswer {
  pieces: unknown[];
  docs: Array<[header: Fields, body: Node]>;
}

const DATES = ['startedAt', 'completedAt', 'createdAt', 'updatedAt'];

/** The documents; they share nothing with each other. */
export function rebuildDocuments<T>(answer: DocumentsAnswer): T[] {
  const pieces = answer.pieces.map((value): Piece => ({ value, taken: false, inside: undefined }));
  return answer.docs.map(([header, body]) => rebuildDocument(header, body, pieces) as T);
}

function rebuildDocument(header: Fields, body: Node, pieces: Piece[]): Fields {
  for (const key of DATES) {
    const time = header[key];
    if (typeof time === 'number') header[key] = new Date(time);
  }
  const fields = rebuild(body, pieces) as Fields;
  for (const key of Object.keys(fields)) setField(header, key, fields[key]);
  return header;
}

function rebuild(node: Node, pieces: Piece[]): unknown {
  if (typeof node === 'number') return take(pieces[node] as Piece);
  if (node[0] === 0) return node[1];
  if (node[0] === 1) return rebuildObject(node, pieces);
  const items: unknown[] = [];
  for (let i = 1; i < node.length; i += 1) items.push(rebuild(node[i] as Node, pieces));
  return items;
}

function rebuildObject(node: [1, Fields, ...unknown[]], pieces: Piece[]): Fields {
  const object = node[1];
  for (let i = 2; i < node.length; i += 2) {
    setField(object, node[i] as string, rebuild(node[i + 1] as Node, pieces));
  }
  return object;
}

/** A parsed piece: the first use may have it, later ones get copies. */
interface Piece {
  readonly value: unknown;
  taken: boolean;
  inside: Inside | undefined;
}

function take(piece: Piece): unknown {
  if (piece.taken) return copy(piece.value, (piece.inside ??= insideOf(piece.value)));
  piece.taken = true;
  return piece.value;
}

/**
 * Where objects and arrays lie in a value: key, what is inside, key, what is inside, …; null for a value without fields.
 * It is found once per piece, so that most of a copy is a spread, which engines do without looking at the fields.
 */
type Inside = null | Array<string | number | Inside>;

function insideOf(value: unknown): Inside {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Fields;
  return Object.keys(fields).flatMap((key) => {
    const inside = insideOf(fields[key]);
    return inside === null ? [] : [key, inside];
  });
}

function copy(value: unknown, inside: Inside): unknown {
  if (inside === null) return value;
  const fields = value as Fields;
  const fresh = (Array.isArray(value) ? value.slice() : { ...fields }) as Fields;
  for (let i = 0; i < inside.length; i += 2) {
    const key = inside[i] as string;
    setField(fresh, key, copy(fields[key], inside[i + 1] as Inside));
  }
  return fresh;
}
