/** Bytes in a document: `{ "$binary": base64, type, bytes }`. */
import { types } from 'node:util';
import { read } from '../../check/safe-read.js';

/** Text that needs no escapes: looking for some in 27 MB of base64 would cost as much as making it. */
export class Unescaped {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Asks no proxy, as `instanceof` would. */
  static is(value: object): value is Unescaped {
    return #text in value;
  }

  toJSON(): string {
    return this.#text;
  }
}

/** How many bytes are in a value that holds some; `undefined` if it holds none. */
export function bytesIn(value: object): number | undefined {
  if (isBinary(value)) return bytesOf(value).length;
  const tag = read(value, Symbol.toStringTag);
  const size = tag === 'Blob' || tag === 'File' ? read(value, 'size') : undefined;
  return typeof size === 'number' ? size : undefined;
}

export function isBinary(value: object): boolean {
  return ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
}

/** V8's own getter: a subclass or an own field of the same name can't mislead it. */
const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const tagOfArray = Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag);

export function binary(value: object): object {
  const bytes = bytesOf(value);
  return {
    $binary: new Unescaped(bytes.toString('base64')),
    type: typeOf(value),
    bytes: bytes.length,
  };
}

function bytesOf(value: object): Buffer {
  if (!ArrayBuffer.isView(value)) return Buffer.from(value as ArrayBuffer);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function typeOf(value: object): string {
  if (Buffer.isBuffer(value)) return 'Buffer';
  if (types.isTypedArray(value)) return tagOfArray?.get?.call(value) as string;
  if (types.isDataView(value)) return 'DataView';
  return types.isSharedArrayBuffer(value) ? 'SharedArrayBuffer' : 'ArrayBuffer';
}
