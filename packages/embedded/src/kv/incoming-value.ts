import { Datatype, Status } from '@cb/protocol';
import { snappyContent, snappyLength } from '@cb/protocol/internal';
import type { Refusal } from '../base/refusal.js';
import type { Bucket } from '../store/bucket.js';
import { isJson } from '../store/json.js';
import { deflate, isWorthKeeping } from '../store/snappy.js';
import type { Request } from './request.js';

/** A value as it is to be stored: no part of a received frame. */
export interface IncomingValue {
  readonly value: Buffer;
  /** Undefined for an uncompressed one that was not checked yet. */
  readonly datatype?: number;
}

/** A block that announces more is not even looked at. Source: kv_engine's limit for inflating, that of a packet. */
const INFLATED_BYTES_MAX = 30 * 1024 * 1024;

const TOO_BIG: Refusal = { status: Status.TooBig };
const NOT_SNAPPY: Refusal = { status: Status.Invalid, context: 'Failed to inflate payload' };

/**
 * The value of a request as it is to be stored, or why it is not. What the client says of JSON does not count: the
 * server looks for itself.
 * @param besides bytes of xattrs that the document has; a body with xattrs is not kept compressed
 */
export function incomingValue(request: Request, besides = 0): IncomingValue | Refusal {
  const { frame, bucket } = request;
  if (frame.datatype & Datatype.Snappy) return compressedValue(bucket, frame.value, besides);
  if (frame.valueLength + besides > bucket.valueBytesMax) return TOO_BIG;
  const value = Buffer.from(frame.value);
  return bucket.compressionMode === 'active' && besides === 0 ? compressed(value) : { value };
}

/** The bytes that the value of a request stands for, inflated and in place, or why there are none. */
export function incomingBytes({ frame, bucket }: Request): Buffer | Refusal {
  if (!(frame.datatype & Datatype.Snappy)) return frame.value;
  return inflated(bucket, frame.value, 0);
}

export function isRefusal(value: object): value is Refusal {
  return 'status' in value;
}

/** Refuses the request with the reason. */
export function refuse(request: Request, { status, context }: Refusal): void {
  if (context === undefined) request.reply(status);
  else request.replyError(status, context);
}

function compressedValue(bucket: Bucket, block: Buffer, besides: number): IncomingValue | Refusal {
  const value = inflated(bucket, block, besides);
  if (isRefusal(value)) return value;
  const keep = bucket.compressionMode !== 'off' && besides === 0 && isWorthKeeping(block, value);
  return keep ? { value: Buffer.from(block), datatype: typeOf(value) | Datatype.Snappy } : { value };
}

function inflated(bucket: Bucket, block: Buffer, besides: number): Buffer | Refusal {
  const length = snappyLength(block);
  if (length !== undefined && length <= INFLATED_BYTES_MAX && length + besides > bucket.valueBytesMax) return TOO_BIG;
  return inflatedPayload(block);
}

/** The content of a received block, or why there is none. */
export function inflatedPayload(block: Buffer): Buffer | Refusal {
  const length = snappyLength(block);
  if (length === undefined || length > INFLATED_BYTES_MAX) return NOT_SNAPPY;
  return snappyContent(block) ?? NOT_SNAPPY;
}

function compressed(value: Buffer): IncomingValue {
  const block = deflate(value);
  return block === undefined ? { value } : { value: block, datatype: typeOf(value) | Datatype.Snappy };
}

function typeOf(value: Buffer): number {
  return isJson(value) ? Datatype.Json : Datatype.Raw;
}
