/**
 * The pooled buffer: encoded writes as frames, on their way to native code.
 *
 * A frame is the body's length in bytes, the length of the text that it stands for (both u32, little endian), an
 * operation code and the body. Bytes 0..4 of the buffer hold the offset at which the last complete frame ends, bytes 4..12
 * when the first of its writes was made, in milliseconds since the epoch (f64). The offset is written last: native code drains the buffer by it when the thread is terminated in the middle of JavaScript.
 */
import { MAX_BYTES_PER_CHAR } from './encode/bounds.js';
import type { Encoded } from './encode/encode.js';

const POOL_BYTES = 1024 * 1024;
const HEADER_BYTES = 12;
const FRAME_HEADER_BYTES = 9;

export class Pool {
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(POOL_BYTES);
  #end = HEADER_BYTES;
  /** Bytes of the texts that the frames stand for. */
  #expanded = 0;

  constructor() {
    this.reset();
  }

  /** Where the last frame ends. */
  get end(): number {
    return this.#end;
  }

  get expanded(): number {
    return this.#expanded;
  }

  /** Adds a frame, unless it might not fit. */
  append(code: number, encoded: Encoded): boolean {
    const room = POOL_BYTES - this.#end - FRAME_HEADER_BYTES;
    if (encoded.text.length * MAX_BYTES_PER_CHAR > room) return false;
    if (this.#end === HEADER_BYTES) this.buffer.writeDoubleLE(Date.now(), 4);
    const end = writeFrame(this.buffer, this.#end, code, encoded);
    this.#expanded += end - this.#end + encoded.beyond;
    this.#end = end;
    this.buffer.writeUInt32LE(end, 0);
    return true;
  }

  reset(): void {
    this.#end = HEADER_BYTES;
    this.#expanded = 0;
    this.buffer.writeUInt32LE(HEADER_BYTES, 0);
  }
}

/** A buffer of the same layout with one frame, for a body that no pool takes. */
export function singleFrame(code: number, encoded: Encoded): Buffer {
  const bytes = HEADER_BYTES + FRAME_HEADER_BYTES + Buffer.byteLength(encoded.text);
  const buffer = Buffer.allocUnsafeSlow(bytes);
  buffer.writeDoubleLE(Date.now(), 4);
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
