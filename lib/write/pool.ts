/**
 * The pooled buffer: encoded writes as frames, on their way to native code.
 *
 * Bytes 0..4 hold the offset at which the last complete frame ends (u32, little endian); frames follow. A frame is
 * the text's length in bytes (u32, little endian), an operation code and the JSON text. The offset is written
 * last: native code drains the buffer by it when the thread is terminated in the middle of JavaScript.
 */

const POOL_BYTES = 1024 * 1024;
const HEADER_BYTES = 4;
const FRAME_HEADER_BYTES = 5;
/** UTF-8 needs at most this many bytes for a UTF-16 unit. */
export const MAX_BYTES_PER_CHAR = 3;

export class Pool {
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(POOL_BYTES);
  #end = HEADER_BYTES;

  constructor() {
    this.reset();
  }

  /** Where the last frame ends. */
  get end(): number {
    return this.#end;
  }

  get isEmpty(): boolean {
    return this.#end === HEADER_BYTES;
  }

  /** Adds a frame, unless the text might not fit. */
  append(code: number, text: string): boolean {
    if (text.length * MAX_BYTES_PER_CHAR > POOL_BYTES - this.#end - FRAME_HEADER_BYTES) return false;
    this.#end = writeFrame(this.buffer, this.#end, code, text);
    this.buffer.writeUInt32LE(this.#end, 0);
    return true;
  }

  reset(): void {
    this.#end = HEADER_BYTES;
    this.buffer.writeUInt32LE(HEADER_BYTES, 0);
  }
}

/** A buffer of the same layout with one frame, for a text that no pool takes. */
export function singleFrame(code: number, text: string): Buffer {
  const buffer = Buffer.allocUnsafeSlow(HEADER_BYTES + FRAME_HEADER_BYTES + Buffer.byteLength(text));
  buffer.writeUInt32LE(writeFrame(buffer, HEADER_BYTES, code, text), 0);
  return buffer;
}

function writeFrame(buffer: Buffer, start: number, code: number, text: string): number {
  const body = start + FRAME_HEADER_BYTES;
  const length = buffer.write(text, body);
  buffer.writeUInt32LE(length, start);
  buffer[start + 4] = code;
  return body + length;
}
