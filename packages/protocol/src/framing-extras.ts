import { ArgumentError, ProtocolError } from './errors/client-errors.js';
import type { Frame } from './frame.js';
import type { FrameWriter } from './frame-writer.js';

/** Ids of the objects in a request's framing extras. Source of this file: kv_engine docs/BinaryProtocol.md, "FrameInfo". */
export const RequestFraming = {
  Barrier: 0,
  Durability: 1,
  DcpStreamId: 2,
  /** A prototype that was never released; servers ignore it. */
  OpenTracing: 3,
  ImpersonateUser: 4,
  PreserveTtl: 5,
  ImpersonatePrivilege: 6,
  ImpersonateToken: 7,
} as const;

/** Ids of the objects in a response's framing extras. */
export const ResponseFraming = {
  ServerDuration: 0,
  ReadUnits: 1,
  WriteUnits: 2,
  ThrottleDuration: 3,
} as const;

/** The durability levels of a mutation. */
export const DurabilityLevel = {
  Majority: 1,
  MajorityAndPersistToActive: 2,
  PersistToMajority: 3,
} as const;

/** One of the values of `DurabilityLevel`. */
export type DurabilityLevelValue = (typeof DurabilityLevel)[keyof typeof DurabilityLevel];

/** 0 and 65535 are reserved. */
export const DURABILITY_TIMEOUT_MS_MAX = 65_534;

/** A nibble of 15 means that the next byte has the rest. */
const ESCAPE = 15;
const ESCAPED_MAX = ESCAPE + 255;

/**
 * Writes one object between `begin` and `endFraming`.
 * @throws ArgumentError when the id or the length is over 270.
 */
export function writeFraming(writer: FrameWriter, id: number, payload: Uint8Array): void {
  if (!(id >= 0 && id <= ESCAPED_MAX))
    throw new ArgumentError(`framing id must be from 0 to ${ESCAPED_MAX}, not ${id}`);
  const { length } = payload;
  if (length > ESCAPED_MAX) throw new ArgumentError(`a framing object has at most ${ESCAPED_MAX} bytes, not ${length}`);
  writer.u8((Math.min(id, ESCAPE) << 4) | Math.min(length, ESCAPE));
  if (id >= ESCAPE) writer.u8(id - ESCAPE);
  if (length >= ESCAPE) writer.u8(length - ESCAPE);
  writer.raw(payload);
}

/**
 * Requests a durability level.
 * @param timeoutMs the server's time limit, 1 to 65,534 ms; default: the server's own.
 * @throws ArgumentError for an invalid level or timeout.
 */
export function writeDurability(writer: FrameWriter, level: number, timeoutMs?: number): void {
  if (level !== 1 && level !== 2 && level !== 3)
    throw new ArgumentError(`durability level must be 1, 2 or 3, not ${level}`);
  const id = RequestFraming.Durability << 4;
  if (timeoutMs === undefined) {
    writer.u8(id | 1);
    writer.u8(level);
    return;
  }
  if (!(timeoutMs >= 1 && timeoutMs <= DURABILITY_TIMEOUT_MS_MAX && Number.isInteger(timeoutMs))) {
    throw new ArgumentError(
      `durability timeout must be an integer from 1 to ${DURABILITY_TIMEOUT_MS_MAX} ms, not ${timeoutMs}`,
    );
  }
  writer.u8(id | 3);
  writer.u8(level);
  writer.u16(timeoutMs);
}

/** Requests that the document keeps its expiry, if it exists. */
export function writePreserveTtl(writer: FrameWriter): void {
  writer.u8(RequestFraming.PreserveTtl << 4);
}

/** Requests that no other request of the connection runs at the same time. */
export function writeBarrier(writer: FrameWriter): void {
  writer.u8(RequestFraming.Barrier << 4);
}

/**
 * Requests to act as another user, with the privileges that both have.
 * @param username the name of a user of the cluster, or `^` and the name of one of an external domain.
 * @throws ArgumentError when it is empty or over 270 bytes.
 */
export function writeImpersonatedUser(writer: FrameWriter, username: string): void {
  if (username === '') throw new ArgumentError('the user to act as must not be empty');
  writeFraming(writer, RequestFraming.ImpersonateUser, Buffer.from(username));
}

/** One object of the framing extras. */
export interface FramingObject {
  /** What the object is: one of `RequestFraming` or `ResponseFraming`. */
  readonly id: number;
  /** A view: copy it to keep it longer than the frame. */
  readonly payload: Buffer;
}

/**
 * Returns the objects in a frame's framing extras, in order.
 * @throws ProtocolError when one does not end within the framing extras.
 */
export function* readFraming(framing: Buffer): Generator<FramingObject, undefined> {
  let at = 0;
  while (at < framing.length) {
    const head = framing[at++]!;
    let id = head >>> 4;
    let length = head & 0x0f;
    if (id === ESCAPE) id += byteAt(framing, at++);
    if (length === ESCAPE) length += byteAt(framing, at++);
    if (at + length > framing.length) throw cutOff();
    yield { id, payload: framing.subarray(at, at + length) };
    at += length;
  }
}

/** Metadata that a response may have; durations in microseconds. */
export interface ResponseFramingInfo {
  /** Microseconds that the server took. */
  serverDurationUs?: number;
  /** Microseconds by which the server throttled the operation. */
  throttleDurationUs?: number;
  /** Read units that the operation cost. */
  readUnits?: number;
  /** Write units that the operation cost. */
  writeUnits?: number;
}

const FIELDS = new Map<number, readonly [name: keyof ResponseFramingInfo, decode: (encoded: number) => number]>([
  [ResponseFraming.ServerDuration, ['serverDurationUs', decodeDurationUs]],
  [ResponseFraming.ReadUnits, ['readUnits', (units) => units]],
  [ResponseFraming.WriteUnits, ['writeUnits', (units) => units]],
  [ResponseFraming.ThrottleDuration, ['throttleDurationUs', decodeDurationUs]],
]);

/**
 * Parses a response's framing extras. Unknown objects are ignored, as newer servers may have more.
 * @throws ProtocolError when the objects are malformed.
 */
export function responseFraming(framing: Buffer): ResponseFramingInfo {
  const info: ResponseFramingInfo = {};
  for (const { id, payload } of readFraming(framing)) {
    const field = FIELDS.get(id);
    if (field === undefined) continue;
    if (payload.length !== 2)
      throw new ProtocolError(`framing object ${id} of a response has ${payload.length} bytes, not 2`);
    info[field[0]] = field[1](payload.readUInt16BE(0));
  }
  return info;
}

/**
 * Returns the server's processing time of a request, in microseconds; undefined when it is absent. With tracing
 * negotiated, it is the first object of every response, and is read in place.
 */
export function serverDurationUs(frame: Frame): number | undefined {
  if (frame.framingLength === 0) return undefined;
  const { bytes, framingStart: at } = frame;
  const isFirst = frame.framingLength >= 3 && bytes[at] === ((ResponseFraming.ServerDuration << 4) | 2);
  return isFirst
    ? decodeDurationUs((bytes[at + 1]! << 8) | bytes[at + 2]!)
    : responseFraming(frame.framing).serverDurationUs;
}

/** Writes the server's processing time of a request, between `begin` and `endFraming`. */
export function writeServerDuration(writer: FrameWriter, durationUs: number): void {
  writer.u8((ResponseFraming.ServerDuration << 4) | 2);
  writer.u16(encodeDurationUs(durationUs));
}

/** Durations are encoded on a curve that is precise for short ones and coarse for long ones, up to two minutes. */
const CURVE = 1.74;
const DURATION_US_MAX = 120_125_042;

/** Returns the microseconds that a server duration stands for. */
export function decodeDurationUs(encoded: number): number {
  return encoded ** CURVE / 2;
}

/** Durations over two minutes are clamped to the longest that can be encoded. */
export function encodeDurationUs(durationUs: number): number {
  return Math.round((Math.min(Math.max(durationUs, 0), DURATION_US_MAX) * 2) ** (1 / CURVE));
}

function byteAt(framing: Buffer, at: number): number {
  const byte = framing[at];
  if (byte === undefined) throw cutOff();
  return byte;
}

function cutOff(): ProtocolError {
  return new ProtocolError('an object of the framing extras is cut off');
}
