import { Frame, HEADER_BYTES, Magic } from '@cb/protocol';

/** Where the parts of a packet lie in its bytes. */
export interface PacketParts {
  readonly frame: Frame;
  readonly framing: Span;
  readonly extras: Span;
  readonly key: Span;
  readonly value: Span;
}

/** A range of bytes: `from` up to, not with, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const CAS: Span = { from: 16, to: 24 };

/** The parts of one packet; undefined when it is shorter than a header or names a magic that nobody has. */
export function packetParts(bytes: Buffer): PacketParts | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const frame = new Frame();
  frame.readHeader(bytes, 0);
  if (!Object.values(Magic).includes(frame.magic as never)) return undefined;
  return {
    frame,
    framing: { from: frame.framingStart, to: frame.extrasStart },
    extras: { from: frame.extrasStart, to: frame.keyStart },
    key: { from: frame.keyStart, to: frame.valueStart },
    value: { from: frame.valueStart, to: bytes.length },
  };
}

/** The packets in a row of bytes; what does not parse is the last one, whole. */
export function splitPackets(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const parts = packetParts(bytes.subarray(at));
    const end = parts === undefined ? bytes.length : Math.min(bytes.length, at + parts.frame.end);
    packets.push(bytes.subarray(at, end));
    at = end;
  }
  return packets;
}

/** The 32-bit number by which a reply belongs to its request. */
export function opaqueOf(packet: Buffer): number {
  return packet.length < HEADER_BYTES ? -1 : packet.readUInt32BE(12);
}
