/** Makes a document fit that is larger than a write may be: its largest parts are cut, one after the other. */
import { stringText } from './text.js';

/** A part of a document's text that may be cut. */
export interface Cuttable {
  text: string;
  bytes: number;
  /** The text that it is, if it is one; else what it is called when it is omitted. */
  readonly string?: string;
  readonly type: string;
}

/** Text that stays, and parts that may be cut, in their order. */
export type Piece = string | Cuttable;

/** The text in at most so many bytes; undefined if what may be cut is not enough. */
export function fit(pieces: readonly Piece[], maxBytes: number): string | undefined {
  let bytes = 0;
  for (const piece of pieces) bytes += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.bytes;
  const largestFirst = pieces
    .filter((piece) => typeof piece !== 'string')
    .toSorted((a, b) => b.bytes - a.bytes);
  for (const part of largestFirst) {
    if (bytes <= maxBytes) break;
    const text = cutText(part, part.bytes - (bytes - maxBytes));
    const left = Buffer.byteLength(text);
    if (left >= part.bytes) continue;
    bytes -= part.bytes - left;
    part.text = text;
  }
  if (bytes > maxBytes) return undefined;
  return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
}

function cutText({ string, type, bytes }: Cuttable, target: number): string {
  return string === undefined
    ? `{"omitted":${stringText(type)},"bytes":${bytes}}`
    : beginning(string, target);
}

/** JSON text of a string's beginning and a marker, in about so many bytes and never more, unless the marker alone has. */
function beginning(text: string, target: number): string {
  const mark = `… [cut: ${Buffer.byteLength(text)} bytes]`;
  let kept = Math.max(0, Math.min(text.length, target));
  for (;;) {
    const cut = JSON.stringify(text.slice(0, wholeCharacters(text, kept)) + mark);
    const size = Buffer.byteLength(cut);
    if (size <= target || kept === 0) return cut;
    kept = Math.max(0, Math.min(kept - (size - target) / 6, (kept * target) / size));
    kept = Math.floor(kept);
  }
}

/** One less if the cut would part a surrogate pair. */
function wholeCharacters(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  return last >= 0xd800 && last < 0xdc00 ? length - 1 : length;
}
