import { ArgumentError, ProtocolError } from './errors/client-errors.js';
import type { FrameWriter } from './frame-writer.js';

/**
 * Unsigned LEB128 of 32-bit numbers: seven bits a byte, lowest first, the top bit says that another byte follows.
 * Only the shortest form of a number is legal, so its length follows from the number.
 * Source: kv_engine docs/Collections.md, "Leb128 encoded".
 */
export const LEB128_BYTES_MAX = 5;

const U32_MAX = 0xffff_ffff;

/** Returns the encoded length of the number in bytes: 1 to 5. */
export function leb128Length(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/**
 * Writes a number from 0 to 2^32 - 1.
 * @throws ArgumentError for any other number.
 */
export function writeLeb128(writer: FrameWriter, value: number): void {
  let rest = value >>> 0;
  if (rest !== value) throw new ArgumentError(`a LEB128 number is an integer from 0 to ${U32_MAX}, not ${value}`);
  while (rest > 0x7f) {
    writer.u8((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  writer.u8(rest);
}

/**
 * Reads the number that starts at `start`, which has `leb128Length` of it bytes.
 * @param end where the readable bytes end.
 * @throws ProtocolError when the number does not end before `end`, is over 32 bits, or is not in its shortest form.
 */
export function readLeb128(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let value = 0;
  for (let taken = 0; taken < LEB128_BYTES_MAX; taken++) {
    const at = start + taken;
    if (at >= end) throw new ProtocolError(`the LEB128 number at byte ${start} is cut off after ${taken} bytes`);
    const byte = bytes[at]!;
    // The fifth byte only has the four highest bits.
    if (taken === LEB128_BYTES_MAX - 1 && byte > 0x0f) break;
    value = (value | ((byte & 0x7f) << (7 * taken))) >>> 0;
    if (byte < 0x80) {
      if (byte === 0 && taken > 0)
        throw new ProtocolError(`the LEB128 number at byte ${start} is not in shortest form`);
      return value;
    }
  }
  throw new ProtocolError(`the LEB128 number at byte ${start} is over 32 bits`);
}

/** A key on the wire with collections: the collection's id, then the document's own key. */
export interface CollectionKey {
  /** The id of the collection. */
  readonly collection: number;
  /** A view: copy it to keep it longer than the bytes it was cut from. */
  readonly key: Buffer;
}

/**
 * Splits a key into the collection's id and the document's key.
 * @throws ProtocolError when the key does not start with a LEB128 number in shortest form.
 */
export function splitCollectionKey(wireKey: Buffer): CollectionKey {
  const collection = readLeb128(wireKey);
  return { collection, key: wireKey.subarray(leb128Length(collection)) };
}
