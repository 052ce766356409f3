/**
 * Encoded calls as frames in a buffer, on their way to native code.
 *
 * A frame is the body's length in bytes, the length of the text that it stands for (both u32, little endian), an
 * operation code and the body. Bytes 0..4 of the buffer hold the offset at which the last complete frame ends; it is
 * written last: native code drains the buffer by it when the thread is terminated in the middle of JavaScript.
 */
import type { Encoded } from './encode.js';

const HEADER_BYTES = 4;
const FRAME_HEADER_BYTES = 9;
const MAX_BYTES_PER_CHAR = 3;

export class Frames {
  readonly buffer: Buffer;
  #end = HEADER_BYTES;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
    this.reset();
  }

  /** Where the last frame ends. */
  get end(): number {
    return this.#end;
  }

  /** Adds a frame, unless it might not fit. */
  append(code: number, encoded: Encoded): boolean {
    const room = this.buffer.length - this.#end - FRAME_HEADER_BYTES;
    if (encoded.text.length * MAX_BYTES_PER_CHAR > room) return false;
    this.#end = writeFrame(this.buffer, this.#end, code, encoded);
    this.buffer.writeUInt32LE(this.#end, 0);
    return true;
  }

  reset(): void {
    this.#end = HEADER_BYTES;
    this.buffer.writeUInt32LE(HEADER_BYTES, 0);
  }
}

/** A buffer of the same layout with one frame, for a body that no pool takes. */
export function singleFrame(code: number, encoded: Encoded): Buffer {
  const bytes = HEADER_BYTES + FRAME_HEADER_BYTES + Buffer.byteLength(encoded.text);
  const buffer = Buffer.allocUnsafeSlow(bytes);
  buffer.writeUInt32LE(writeFrame(buffer, HEADER_BYTES, code, encoded), 0);
  return buffer;
}

function writeFrame(buffer: Buffer, start: number, code: number, { text, beyond }: Encoded): number {
  const body = start + FRAME_HEADER_BYTES;
  const length = buffer.write(text, body);
  buffer.writeUInt32LE(length, start);
  buffer.writeUInt32LE(length + beyond, start + 4);
  buffer[start + 8] = code;
  return body + length;
}
