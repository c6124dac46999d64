import { ChunkCopies } from './chunk-copies.js';
import { Magic } from './magic.js';
import { u64 } from './u64.js';

export const HEADER_BYTES = 24;

const EMPTY = Buffer.alloc(0);

/**
 * One frame, seen in place: a reusable view over received bytes. Hot file: fields are plain numbers, read once.
 *
 *       0      1      2      3      4      5      6      7
 *   +------+------+------+------+------+------+------+------+
 *   | magic| op   | key length  | ext  | dtype| vb / status |
 *   +------+------+------+------+------+------+------+------+
 *   | total body length         | opaque                    |
 *   +---------------------------+---------------------------+
 *   | CAS                                                   |
 *   +-------------------------------------------------------+
 *   | framing extras | extras | key | value                 |
 *
 * With the alt magics (0x08, 0x18) byte 2 is the length of the framing extras and byte 3 that of the key.
 * A frame is valid only inside the call that passes it: the memory under it is reused.
 * Source: kv_engine docs/BinaryProtocol.md, "Packet Structure".
 */
export class Frame {
  bytes: Buffer = EMPTY;
  /** Offset of the header in `bytes`. */
  start = 0;
  magic = 0;
  opcode = 0;
  framingLength = 0;
  keyLength = 0;
  extrasLength = 0;
  datatype = 0;
  /** A request's vbucket, a response's status. */
  vbucketOrStatus = 0;
  bodyLength = 0;
  opaque = 0;
  casHigh = 0;
  casLow = 0;
  readonly #copies = new ChunkCopies();

  /** Sets the bytes of the frames from now on, which may be the same with other content. */
  startChunk(): void {
    this.#copies.reset();
  }

  /** Reads the header at `start`; the caller knows that 24 bytes are there. */
  readHeader(bytes: Buffer, start: number): void {
    this.bytes = bytes;
    this.start = start;
    const magic = bytes[start]!;
    this.magic = magic;
    this.opcode = bytes[start + 1]!;
    if (magic === Magic.AltRequest || magic === Magic.AltResponse) {
      this.framingLength = bytes[start + 2]!;
      this.keyLength = bytes[start + 3]!;
    } else {
      this.framingLength = 0;
      this.keyLength = (bytes[start + 2]! << 8) | bytes[start + 3]!;
    }
    this.extrasLength = bytes[start + 4]!;
    this.datatype = bytes[start + 5]!;
    this.vbucketOrStatus = (bytes[start + 6]! << 8) | bytes[start + 7]!;
    this.bodyLength = u32(bytes, start + 8);
    this.opaque = u32(bytes, start + 12);
    this.casHigh = u32(bytes, start + 16);
    this.casLow = u32(bytes, start + 20);
  }

  get status(): number {
    return this.vbucketOrStatus;
  }

  get vbucket(): number {
    return this.vbucketOrStatus;
  }

  get framingStart(): number {
    return this.start + HEADER_BYTES;
  }

  get extrasStart(): number {
    return this.start + HEADER_BYTES + this.framingLength;
  }

  get keyStart(): number {
    return this.start + HEADER_BYTES + this.framingLength + this.extrasLength;
  }

  get valueStart(): number {
    return this.start + HEADER_BYTES + this.framingLength + this.extrasLength + this.keyLength;
  }

  get valueLength(): number {
    return this.bodyLength - this.framingLength - this.extrasLength - this.keyLength;
  }

  /** Offset after the last byte. */
  get end(): number {
    return this.start + HEADER_BYTES + this.bodyLength;
  }

  /** The key's bytes, in place: copy them to keep them. */
  get key(): Buffer {
    const start = this.keyStart;
    return this.bytes.subarray(start, start + this.keyLength);
  }

  /** The extras' bytes, in place. */
  get extras(): Buffer {
    const start = this.extrasStart;
    return this.bytes.subarray(start, start + this.extrasLength);
  }

  /** The value's bytes, in place. */
  get value(): Buffer {
    return this.bytes.subarray(this.valueStart, this.end);
  }

  /** Returns a copy of the value's bytes, which may be kept. */
  keptValue(): Buffer {
    return this.#copies.copy(this.bytes, this.valueStart, this.end);
  }

  /** The framing extras' bytes, in place. */
  get framing(): Buffer {
    const start = this.framingStart;
    return this.bytes.subarray(start, start + this.framingLength);
  }

  get cas(): bigint {
    return u64(this.casHigh, this.casLow);
  }

  /** Whether the parts fit into the body, as in every well-formed frame. */
  get isConsistent(): boolean {
    return this.valueLength >= 0;
  }
}

/** Big-endian u32 as a number from 0 to 2^32 - 1. */
export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
