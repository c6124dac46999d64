import { Datatype, Frame, HEADER_BYTES, Status } from '@cb/protocol';
import type { Refusal } from '../base/refusal.js';
import type { Command, Presence } from './command.js';
import type { Session } from './context.js';
import { parseFraming } from './framing.js';
import { inflatedPayload, isRefusal } from './incoming-value.js';
import type { Request } from './request.js';

/** Maximum length of a key in the default collection, in bytes. */
export const KEY_BYTES_MAX = 250;
/** Maximum length of a key in any other collection, in bytes. */
export const COLLECTION_KEY_BYTES_MAX = 246;
/** Lower ids, save 0, are reserved. Source: kv_engine docs/Collections.md. */
const FIRST_COLLECTION_ID = 8;

const DATATYPES_KNOWN = Datatype.Json | Datatype.Snappy | Datatype.Xattr;

function invalid(context: string): Refusal {
  return { status: Status.Invalid, context };
}

const DATATYPE_INVALID = invalid('Request datatype invalid');
const EXTRAS_FORBIDDEN = invalid('Request must not include extras');
const EXTRAS_INVALID = invalid('Request extras invalid');
const KEY_REQUIRED = invalid('Request must include key');
const KEY_FORBIDDEN = invalid('Request must not include key');
const KEY_TOO_LONG = invalid(`Key length exceeds ${KEY_BYTES_MAX}`);
const VALUE_REQUIRED = invalid('Request must include value');
const VALUE_FORBIDDEN = invalid('Request must not include value');
const CAS_REQUIRED = invalid('Request CAS must be set');
const CAS_FORBIDDEN = invalid('Request CAS must not be set');
const SNAPPY_NOT_AGREED = invalid('Datatype (snappy) not enabled for the connection');

/**
 * Checks a request against the shape of its command, in the server's order, and decodes its key and framing extras.
 * Returns why it is refused. Hot function: the usual request passes with a few comparisons of numbers.
 */
export function validate(request: Request, session: Session): Refusal | undefined {
  const { command } = request;
  const { shape } = command;
  const refusal =
    (request.frame.framingLength > 0 ? parseFraming(request) : undefined) ??
    (request.frame.datatype === 0 ? undefined : checkDatatype(request, session)) ??
    checkParts(request.frame, command) ??
    ((shape.documentKey ?? (command.scope === 'vbucket' && shape.key === 'required'))
      ? decodeDocumentKey(request, session)
      : undefined);
  return refusal ?? shape.check?.(request, session);
}

function checkDatatype(request: Request, { features }: Session): Refusal | undefined {
  const { datatype } = request.frame;
  if (datatype & ~DATATYPES_KNOWN) return DATATYPE_INVALID;
  if (!(datatype & Datatype.Snappy)) return undefined;
  if (!features.snappy) return SNAPPY_NOT_AGREED;
  const takesSnappy = (request.command.shape.datatypes ?? 0) & Datatype.Snappy;
  return features.snappyEverywhere && !takesSnappy ? inflateValue(request) : undefined;
}

/** SnappyEverywhere: any value may come compressed, and a command that does not expect it sees it inflated. */
function inflateValue(request: Request): Refusal | undefined {
  const { bytes, start, valueStart, value: block, datatype } = request.frame;
  const value = inflatedPayload(block);
  if (isRefusal(value)) return value;
  const inflated = Buffer.concat([bytes.subarray(start, valueStart), value]);
  inflated[5] = datatype & ~Datatype.Snappy;
  inflated.writeUInt32BE(inflated.length - HEADER_BYTES, 8);
  request.frame = new Frame();
  request.frame.readHeader(inflated, 0);
  request.keyStart = request.frame.keyStart;
  return undefined;
}

function checkParts(frame: Frame, { shape }: Command): Refusal | undefined {
  const { extrasLength, keyLength } = frame;
  const { extras = 0 } = shape;
  if (typeof extras === 'number' && extrasLength !== extras) {
    return extras === 0 ? EXTRAS_FORBIDDEN : invalid(`Request must include extras of length ${extras}`);
  }
  if (keyLength === 0 ? shape.key === 'required' : absent(shape.key)) {
    return keyLength === 0 ? KEY_REQUIRED : KEY_FORBIDDEN;
  }
  const valueLength = frame.valueLength;
  if (valueLength === 0 ? shape.value === 'required' : absent(shape.value)) {
    return valueLength === 0 ? VALUE_REQUIRED : VALUE_FORBIDDEN;
  }
  const noCas = frame.casHigh === 0 && frame.casLow === 0;
  if (noCas ? shape.cas === 'required' : absent(shape.cas)) return noCas ? CAS_REQUIRED : CAS_FORBIDDEN;
  if (frame.datatype & ~(shape.datatypes ?? 0)) return DATATYPE_INVALID;
  if (typeof extras === 'object' && !extras.includes(extrasLength)) return EXTRAS_INVALID;
  return undefined;
}

function absent(presence: Presence | undefined): boolean {
  return presence === undefined || presence === 'none';
}

/** Splits the collection's id from the key, checks both, and leaves them in the request. */
function decodeDocumentKey(request: Request, session: Session): Refusal | undefined {
  const { frame } = request;
  if (session.features.collections) {
    const refusal = decodeCollection(request);
    if (refusal !== undefined) return refusal;
  } else if (frame.keyLength > KEY_BYTES_MAX) {
    return KEY_TOO_LONG;
  }
  request.key = frame.bytes.toString('latin1', request.keyStart, frame.valueStart);
  return undefined;
}

function decodeCollection(request: Request): Refusal | undefined {
  const { bytes, keyLength, keyStart, valueStart: end } = request.frame;
  if (keyLength < 2) return invalid('Key length must be >= 2');
  if (keyLength > KEY_BYTES_MAX + 1) return invalid(`Key length exceeds ${KEY_BYTES_MAX + 1}`);
  // The usual case: the default collection is one zero byte.
  if (bytes[keyStart] === 0) {
    request.keyStart = keyStart + 1;
    return undefined;
  }
  let id = 0;
  let at = keyStart;
  for (let shift = 0; ; shift += 7) {
    if (at >= end || shift > 28) return invalid('No stop-byte found');
    const byte = bytes[at++]!;
    id = (id | ((byte & 0x7f) << shift)) >>> 0;
    if (byte < 0x80) break;
  }
  if (at === end) return invalid('No logical key found');
  if (id < FIRST_COLLECTION_ID) return invalid(`Invalid collection-id:${id.toString(16)}`);
  if (end - at > COLLECTION_KEY_BYTES_MAX) return invalid(`Logical key exceeds ${COLLECTION_KEY_BYTES_MAX}`);
  request.collection = id;
  request.keyStart = at;
  return undefined;
}
