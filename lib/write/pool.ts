/**
 * The pooled buffer: encoded writes as frames, on their way to native code.
 *
 * A frame is the body's length in bytes, the length of the text that it stands for (both u32, little endian), an
 * operation code and the body. A frame with code 0 holds a tenant's name: the operations behind it are that one's, up to
 * the next such frame; a batch begins with the empty name. Bytes 0..4 of the buffer hold the offset at which the last complete frame ends; it is
 * written last: native code drains the buffer by it when the thread is terminated in the middle of JavaScript.
 */
import { MAX_BYTES_PER_CHAR } from './encode/bounds.js';
import type { Encoded } from './encode/encode.js';

const POOL_BYTES = 1024 * 1024;
const HEADER_BYTES = 4;
const FRAME_HEADER_BYTES = 9;
/** The code of a frame with a tenant's name. */
const TENANT = 0;

export class Pool {
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(POOL_BYTES);
  #end = HEADER_BYTES;
  /** Bytes of the texts that the frames stand for. */
  #expanded = 0;
  /** Whose the last operation is. */
  #tenantId = '';

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

  /** Adds an operation, unless it might not fit. */
  append(tenantId: string, code: number, encoded: Encoded): boolean {
    const room = POOL_BYTES - this.#end - 2 * FRAME_HEADER_BYTES;
    if ((tenantId.length + encoded.text.length) * MAX_BYTES_PER_CHAR > room) return false;
    const isOfLast = tenantId === this.#tenantId;
    const start = isOfLast ? this.#end : writeTenant(this.buffer, this.#end, tenantId);
    const end = writeFrame(this.buffer, start, code, encoded);
    this.#tenantId = tenantId;
    this.#expanded += end - this.#end + encoded.beyond;
    this.#end = end;
    this.buffer.writeUInt32LE(end, 0);
    return true;
  }

  reset(): void {
    this.#end = HEADER_BYTES;
    this.#expanded = 0;
    this.#tenantId = '';
    this.buffer.writeUInt32LE(HEADER_BYTES, 0);
  }
}

/** A buffer of the same layout with one operation, for a body that no pool takes. */
export function singleOperation(tenantId: string, code: number, encoded: Encoded): Buffer {
  // A batch begins with the empty name.
  const before = tenantId === '' ? 0 : FRAME_HEADER_BYTES + Buffer.byteLength(tenantId);
  const start = HEADER_BYTES + before;
  const buffer = Buffer.allocUnsafeSlow(start + FRAME_HEADER_BYTES + Buffer.byteLength(encoded.text));
  if (before > 0) writeTenant(buffer, HEADER_BYTES, tenantId);
  buffer.writeUInt32LE(writeFrame(buffer, start, code, encoded), 0);
  return buffer;
}

function writeTenant(buffer: Buffer, start: number, tenantId: string): number {
  return writeFrame(buffer, start, TENANT, { text: tenantId, beyond: 0 });
}

function writeFrame(buffer: Buffer, start: number, code: number, { text, beyond }: Encoded): number {
  const body = start + FRAME_HEADER_BYTES;
  const length = buffer.write(text, body);
  buffer.writeUInt32LE(length, start);
  buffer.writeUInt32LE(length + beyond, start + 4);
  buffer[start + 8] = code;
  return body + length;
}
