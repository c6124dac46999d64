/*
 * Reading raw snappy blocks, every well-formed one: encoders differ in how they write lengths, and some that are in use
 * write more bytes than a length needs. Source: the format description of the reference
 * implementation (format_description.txt); kv_engine docs/BinaryProtocol.md, "Data Types".
 */

const SHORT_LITERAL = 64;

/** Returns the length of the content in bytes, as the block declares it; undefined when that is malformed. */
export function snappyLength(block: Uint8Array): number | undefined {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block[at];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return length < 2 ** 32 ? length : undefined;
  }
  return undefined;
}

/** Whether a block is well-formed: its elements are complete, stay inside, and produce as many bytes as it declares. */
export function isSnappyBlock(block: Uint8Array): boolean {
  const announced = snappyLength(block);
  if (announced === undefined) return false;
  let at = 0;
  while (block[at++]! >= 0x80);
  let produced = 0;
  while (at < block.length) {
    const tag = block[at++]!;
    let length = (tag >>> 2) + 1;
    if ((tag & 3) === 0) {
      const lengthBytes = Math.max(0, length - 60);
      if (lengthBytes > 0) length = 1 + littleEndian(block, at, lengthBytes);
      at += lengthBytes + length;
    } else {
      const kind = tag & 3;
      const offsetBytes = kind === 3 ? 4 : kind;
      let offset = littleEndian(block, at, offsetBytes);
      if (kind === 1) {
        length = ((tag >>> 2) & 7) + 4;
        offset += (tag >>> 5) << 8;
      }
      if (offset === 0 || offset > produced) return false;
      at += offsetBytes;
    }
    if (at > block.length) return false;
    produced += length;
  }
  return produced === announced;
}

/**
 * Returns the content of a block; undefined when it is malformed. It allocates as much memory as a well-formed block
 * declares, up to 4 GiB: check `snappyLength` before.
 */
export function snappyContent(block: Uint8Array): Buffer | undefined {
  if (!isSnappyBlock(block)) return undefined;
  const content = Buffer.allocUnsafe(snappyLength(block)!);
  let at = 0;
  while (block[at++]! >= 0x80);
  let produced = 0;
  while (at < block.length) {
    const tag = block[at++]!;
    let length = (tag >>> 2) + 1;
    if ((tag & 3) === 0) {
      const lengthBytes = Math.max(0, length - 60);
      if (lengthBytes > 0) length = 1 + littleEndian(block, at, lengthBytes);
      at += lengthBytes;
      putLiteral(content, produced, block, at, length);
      at += length;
    } else {
      const kind = tag & 3;
      const offsetBytes = kind === 3 ? 4 : kind;
      let offset = littleEndian(block, at, offsetBytes);
      if (kind === 1) {
        length = ((tag >>> 2) & 7) + 4;
        offset += (tag >>> 5) << 8;
      }
      at += offsetBytes;
      // The source of a copy may overlap its own output: a run.
      for (let index = 0; index < length; index++) content[produced + index] = content[produced + index - offset]!;
    }
    produced += length;
  }
  return content;
}

function putLiteral(content: Buffer, to: number, block: Uint8Array, from: number, length: number): void {
  // For a short one, a loop is faster than calling native code.
  if (length > SHORT_LITERAL) content.set(block.subarray(from, from + length), to);
  else for (let index = 0; index < length; index++) content[to + index] = block[from + index]!;
}

/** Reads up to four bytes; bytes after the end are 0. */
function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index++) value |= (bytes[at + index] ?? 0) << (8 * index);
  return value >>> 0;
}
