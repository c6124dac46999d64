import { type Frame, MutationToken, ProtocolError, ValueFormatError } from '@cb/protocol';
import { u32, u64, utf8Text } from '@cb/protocol/internal';
import { OperationResult, RC_FAILED, ValueResult } from '../results/results.js';
import { decodeDefault, defaultTranscoder, FMT_JSON } from '../values/transcoder.js';
import type { Operation } from './operation.js';

/** Reads the answer to a get of any kind: flags in the extras, then the value. */
export function valueResult(operation: Operation, frame: Frame): ValueResult {
  if (frame.extrasLength !== 4) {
    throw new ProtocolError(`the answer to ${operation.spec.name} has ${frame.extrasLength} bytes of extras, not 4`);
  }
  const flags = u32(frame.bytes, frame.extrasStart);
  const value = decode(operation, frame, flags);
  return new ValueResult(operation.key, 0, frame.casHigh, frame.casLow, undefined, value, flags);
}

/** Reads the answer to a mutation: a CAS, and the mutation token when the connection agreed on tokens. */
export function operationResult(operation: Operation, frame: Frame): OperationResult {
  return new OperationResult(operation.key, 0, frame.casHigh, frame.casLow, mutationToken(operation, frame));
}

/** The mutation token in the extras: vbucket uuid and sequence number (kv_engine docs/BinaryProtocol.md, MutationSeqno). */
export function mutationToken(operation: Operation, frame: Frame): MutationToken | undefined {
  if (frame.extrasLength === 0) return undefined;
  if (frame.extrasLength !== 16) {
    throw new ProtocolError(`the answer to ${operation.spec.name} has ${frame.extrasLength} bytes of extras, not 16`);
  }
  const { bytes, extrasStart: at } = frame;
  const uuid = u64(u32(bytes, at), u32(bytes, at + 4));
  const seqno = u64(u32(bytes, at + 8), u32(bytes, at + 12));
  return new MutationToken(operation.bucketName, operation.vbucket, uuid, seqno);
}

function decode(operation: Operation, frame: Frame, flags: number): unknown {
  if (operation.noFormat) return frame.keptValue();
  const { transcoder } = operation;
  try {
    if (transcoder !== defaultTranscoder) return transcoder.decodeValue(frame.value, flags);
    return decodeDefault(frame, flags);
  } catch (cause) {
    throw undecodableValue(operation, flags, frame.casHigh, frame.casLow, cause);
  }
}

/** The value of a document in JSON that lies there. */
export function jsonValue(
  operation: Operation,
  bytes: Buffer,
  start: number,
  end: number,
  casHigh: number,
  casLow: number,
): unknown {
  try {
    return JSON.parse(utf8Text(bytes, start, end));
  } catch (cause) {
    throw undecodableValue(operation, FMT_JSON, casHigh, casLow, cause);
  }
}

/** The operation took effect nevertheless: its result has the rest of the answer, such as the CAS of a lock. */
function undecodableValue(
  operation: Operation,
  flags: number,
  casHigh: number,
  casLow: number,
  cause: unknown,
): ValueFormatError {
  operation.result = new ValueResult(operation.key, RC_FAILED, casHigh, casLow, undefined, undefined, flags);
  const message = `the value of ${JSON.stringify(operation.key)} (flags 0x${flags.toString(16)}) cannot be decoded`;
  return new ValueFormatError(message, { ...operation.details(), cause });
}
