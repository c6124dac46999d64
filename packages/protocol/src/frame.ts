import { ChunkCopies } from './chunk-copies.js';
import { Magic } from './magic.js';
import { u64 } from './u64.js';

/** Length of the header of a frame in bytes. */
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
  /** The received bytes, of which the frame is a part. */
  bytes: Buffer = EMPTY;
  /** Offset of the header in `bytes`. */
  start = 0;
  /** Whether it is a request or a response, and of which kind: one of `Magic`. */
  magic = 0;
  /** The command: one of `Opcode`, or of `ServerOpcode`. */
  opcode = 0;
  /** Length of the framing extras in bytes. */
  framingLength = 0;
  /** Length of the key in bytes. */
  keyLength = 0;
  /** Length of the extras in bytes. */
  extrasLength = 0;
  /** How the value is encoded: bits of `Datatype`. */
  datatype = 0;
  /** A request's vbucket, a response's status. */
  vbucketOrStatus = 0;
  /** Length of all that follows the header, in bytes. */
  bodyLength = 0;
  /** The number that the requester chose, and the response repeats. */
  opaque = 0;
  /** The upper 32 bits of the CAS. */
  casHigh = 0;
  /** The lower 32 bits of the CAS. */
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

  /** The status of a response: one of `Status`. */
  get status(): number {
    return this.vbucketOrStatus;
  }

  /** The vbucket of a request. */
  get vbucket(): number {
    return this.vbucketOrStatus;
  }

  /** Where the framing extras begin in `bytes`. */
  get framingStart(): number {
    return this.start + HEADER_BYTES;
  }

  /** Where the extras begin in `bytes`. */
  get extrasStart(): number {
    return this.start + HEADER_BYTES + this.framingLength;
  }

  /** Where the key begins in `bytes`. */
  get keyStart(): number {
    return this.start + HEADER_BYTES + this.framingLength + this.extrasLength;
  }

  /** Where the value begins in `bytes`. */
  get valueStart(): number {
    return this.start + HEADER_BYTES + this.framingLength + this.extrasLength + this.keyLength;
  }

  /** Length of the value in bytes. */
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

  /** The CAS. */
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
