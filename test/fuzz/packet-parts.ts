import { Frame, HEADER_BYTES, Magic } from '@cb/protocol';

/** One packet taken apart; lengths are those of the parts, so that what is put together again is well-formed. */
export interface PacketParts {
  magic: number;
  opcode: number;
  /** A request's vbucket, a response's status. */
  vbucketOrStatus: number;
  datatype: number;
  opaque: number;
  cas: bigint;
  framing: Buffer;
  extras: Buffer;
  key: Buffer;
  value: Buffer;
}

/** Takes a whole, well-formed packet apart; the parts are copies. */
export function takeApart(packet: Buffer): PacketParts {
  const frame = new Frame();
  frame.readHeader(packet, 0);
  return {
    magic: frame.magic,
    opcode: frame.opcode,
    vbucketOrStatus: frame.vbucketOrStatus,
    datatype: frame.datatype,
    opaque: frame.opaque,
    cas: frame.cas,
    framing: Buffer.from(frame.framing),
    extras: Buffer.from(frame.extras),
    key: Buffer.from(frame.key),
    value: Buffer.from(packet.subarray(frame.valueStart, frame.end)),
  };
}

/** Puts a packet together. Parts that are too long for their fields are cut off. */
export function putTogether(parts: PacketParts): Buffer {
  const framing = parts.framing.subarray(0, 0xff);
  const extras = parts.extras.subarray(0, 0xff);
  const hasFraming = framing.length > 0 || parts.magic === Magic.AltRequest || parts.magic === Magic.AltResponse;
  const key = parts.key.subarray(0, hasFraming ? 0xff : 0xffff);
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = hasFraming ? altOf(parts.magic) : parts.magic;
  header[1] = parts.opcode;
  if (hasFraming) {
    header[2] = framing.length;
    header[3] = key.length;
  } else {
    header.writeUInt16BE(key.length, 2);
  }
  header[4] = extras.length;
  header[5] = parts.datatype;
  header.writeUInt16BE(parts.vbucketOrStatus, 6);
  header.writeUInt32BE(framing.length + extras.length + key.length + parts.value.length, 8);
  header.writeUInt32BE(parts.opaque, 12);
  header.writeBigUInt64BE(parts.cas, 16);
  return Buffer.concat([header, framing, extras, key, parts.value]);
}

function altOf(magic: number): number {
  if (magic === Magic.Request) return Magic.AltRequest;
  if (magic === Magic.Response) return Magic.AltResponse;
  return magic;
}

/** What a reader of a stream must find in it: the whole packets, and how the rest is to be taken. */
export interface Reading {
  readonly packets: readonly Buffer[];
  /** `whole`: nothing is left. `partial`: a packet has begun. `broken`: nobody knows where the next one begins. */
  readonly rest: 'whole' | 'partial' | 'broken';
}

const BODY_BYTES_MAX = 30 * 1024 * 1024;

/** Reads a stream of packets as the protocol's document says, and as plainly as that. */
export function readStream(bytes: Buffer, magics: readonly number[]): Reading {
  const packets: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= HEADER_BYTES) {
    const magic = bytes[at]!;
    const bodyLength = bytes.readUInt32BE(at + 8);
    if (!magics.includes(magic) || bodyLength > BODY_BYTES_MAX) return { packets, rest: 'broken' };
    const end = at + HEADER_BYTES + bodyLength;
    if (end > bytes.length) return { packets, rest: 'partial' };
    const isAlt = magic === Magic.AltRequest || magic === Magic.AltResponse;
    const keyLength = isAlt ? bytes[at + 2]! + bytes[at + 3]! : bytes.readUInt16BE(at + 2);
    if (keyLength + bytes[at + 4]! > bodyLength) return { packets, rest: 'broken' };
    packets.push(bytes.subarray(at, end));
    at = end;
  }
  if (at === bytes.length) return { packets, rest: 'whole' };
  // The first byte of a packet is judged before the rest of its header is there.
  return { packets, rest: magics.includes(bytes[at]!) ? 'partial' : 'broken' };
}
