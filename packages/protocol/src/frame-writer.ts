import { ArgumentError } from './errors/client-errors.js';
import { HEADER_BYTES } from './frame.js';
import { Magic } from './magic.js';

/** Maximum length of a text that is copied in a loop, in characters. */
const SHORT_TEXT = 48;

/**
 * Size above which a block is released after a number of uses that did not need it, in bytes. Allocating memory is
 * expensive.
 */
const BYTES_KEPT = 1024 * 1024;
const IDLE_RESETS = 16;

/**
 * Writes frames one after the other into a growing block. Hot file: nothing is allocated per frame.
 *
 *   const w = new FrameWriter();
 *   w.begin(Magic.Request, Opcode.Set);
 *   w.u32(flags); w.u32(expiry); w.endExtras();
 *   w.latin1(key); w.endKey();
 *   w.utf8(json);
 *   w.end(vbucket, Datatype.Json, opaque, casHigh, casLow);
 *
 * The parts follow each other as on the wire: framing extras, extras, key, value; a part that is absent needs no call.
 * The lengths are measured, never given, so that they cannot disagree with the bytes.
 */
export class FrameWriter {
  /** The buffer that is written to; a longer one takes its place when it is full. */
  bytes: Buffer;
  /** Number of bytes written. */
  length = 0;
  #frameStart = 0;
  #framingEnd = 0;
  #extrasEnd = 0;
  #keyEnd = 0;
  readonly #capacity: number;
  /** Number of consecutive uses that did not need a large block. */
  #idleResets = 0;

  constructor(capacity = 16 * 1024) {
    this.#capacity = capacity;
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** The written bytes, in place. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** Discards everything written. The block is reused, unless it was larger than needed for a while. */
  reset(): void {
    if (this.bytes.length > BYTES_KEPT) this.#giveBack();
    this.length = 0;
  }

  #giveBack(): void {
    this.#idleResets = this.length > BYTES_KEPT ? 0 : this.#idleResets + 1;
    if (this.#idleResets > IDLE_RESETS) this.bytes = Buffer.allocUnsafeSlow(this.#capacity);
  }

  /** Starts a frame. The magics of requests and responses become their alt forms when framing extras follow. */
  begin(magic: number, opcode: number): void {
    this.reserve(HEADER_BYTES);
    const at = this.length;
    this.#frameStart = at;
    this.bytes[at] = magic;
    this.bytes[at + 1] = opcode;
    const bodyStart = at + HEADER_BYTES;
    this.length = bodyStart;
    this.#framingEnd = bodyStart;
    this.#extrasEnd = bodyStart;
    this.#keyEnd = bodyStart;
  }

  /** Ends the framing extras, which were written since `begin` (at most 255 bytes). */
  endFraming(): void {
    this.#framingEnd = this.length;
    this.#extrasEnd = this.length;
    this.#keyEnd = this.length;
  }

  /** Ends the extras, which were written since the previous part (at most 255 bytes). */
  endExtras(): void {
    this.#extrasEnd = this.length;
    this.#keyEnd = this.length;
  }

  /** Ends the key, which was written since the previous part; everything after it is the value. */
  endKey(): void {
    this.#keyEnd = this.length;
  }

  /**
   * Completes the frame: fills in its header.
   * @throws ArgumentError when a part is longer than its length field can say; the frame is discarded then.
   */
  end(vbucketOrStatus: number, datatype: number, opaque: number, casHigh: number, casLow: number): void {
    const bytes = this.bytes;
    const at = this.#frameStart;
    const bodyStart = at + HEADER_BYTES;
    const framing = this.#framingEnd - bodyStart;
    const extras = this.#extrasEnd - this.#framingEnd;
    const key = this.#keyEnd - this.#extrasEnd;
    const magic = bytes[at]!;
    if (framing > 0 || magic === Magic.AltRequest || magic === Magic.AltResponse) {
      if ((framing | extras | key) > 0xff) this.#refuse(framing, extras, key, 0xff);
      bytes[at] = this.#altOf(magic);
      bytes[at + 2] = framing;
      bytes[at + 3] = key;
    } else {
      if (extras > 0xff || key > 0xffff) this.#refuse(framing, extras, key, 0xffff);
      bytes[at + 2] = key >>> 8;
      bytes[at + 3] = key;
    }
    bytes[at + 4] = extras;
    bytes[at + 5] = datatype;
    bytes[at + 6] = vbucketOrStatus >>> 8;
    bytes[at + 7] = vbucketOrStatus;
    putU32(bytes, at + 8, this.length - bodyStart);
    putU32(bytes, at + 12, opaque);
    putU32(bytes, at + 16, casHigh);
    putU32(bytes, at + 20, casLow);
  }

  /** Discards the frame that was begun and not ended. */
  abandon(): void {
    this.length = this.#frameStart;
  }

  #altOf(magic: number): number {
    if (magic === Magic.Request || magic === Magic.AltRequest) return Magic.AltRequest;
    if (magic === Magic.Response || magic === Magic.AltResponse) return Magic.AltResponse;
    this.abandon();
    throw new ArgumentError(`frames with magic 0x${magic.toString(16)} have no framing extras`);
  }

  #refuse(framing: number, extras: number, key: number, keyMax: number): never {
    this.abandon();
    throw new ArgumentError(
      `framing extras (${framing} bytes) and extras (${extras}) are limited to 255 bytes, the key (${key}) to ${keyMax}`,
    );
  }

  /** Appends one byte. */
  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Appends 16 bits, big-endian. */
  u16(value: number): void {
    this.reserve(2);
    this.bytes[this.length++] = value >>> 8;
    this.bytes[this.length++] = value;
  }

  /** Appends 32 bits, big-endian. */
  u32(value: number): void {
    this.reserve(4);
    putU32(this.bytes, this.length, value);
    this.length += 4;
  }

  /** Appends 64 bits, big-endian. */
  u64(value: bigint): void {
    this.reserve(8);
    this.bytes.writeBigUInt64BE(BigInt.asUintN(64, value), this.length);
    this.length += 8;
  }

  /** Appends bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Writes the low byte of each UTF-16 unit: for text known to be ASCII, and for bytes kept as latin1. */
  latin1(text: string): void {
    this.reserve(text.length);
    this.length += this.bytes.write(text, this.length, 'latin1');
  }

  /** Appends text as UTF-8. */
  utf8(text: string): void {
    const { length } = text;
    // A UTF-16 unit takes at most three bytes, so that the exact length is not needed when that much is free.
    this.reserve(3 * length <= this.bytes.length - this.length ? 0 : Buffer.byteLength(text));
    if (length > SHORT_TEXT || !this.#shortAscii(text)) this.length += this.bytes.write(text, this.length, 'utf8');
  }

  /** Keys are short and mostly ASCII: a loop is faster than calling native code. */
  #shortAscii(text: string): boolean {
    const { bytes, length: start } = this;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return false;
      bytes[start + at] = unit;
    }
    this.length = start + text.length;
    return true;
  }

  /** Ensures that `extra` more bytes fit, and moves the block when they do not. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
