import { type Frame, type FrameWriter, Opcode, ProtocolError, writeLeb128 } from '@cb/protocol';
import { u32, u64 } from '@cb/protocol/internal';
import type { OperationContext } from '../operation/context.js';
import { Operation, type OperationSpec } from '../operation/operation.js';
import { Result } from '../results/results.js';

/** States of a document on one node (kv_engine docs/BinaryProtocol.md, Observe). */
export const OBS_FOUND = 0x00;
/** The document is in memory and on disk. */
export const OBS_PERSISTED = 0x01;
/** There is no document. */
export const OBS_NOTFOUND = 0x80;
/** The document is removed from memory, and not yet from disk. */
export const OBS_LOGICALLY_DELETED = 0x81;

/** What one node knows of a document. */
export interface ObserveInfo {
  /** One of the `OBS_` constants. */
  readonly flags: number;
  /** Whether the node has the active copy. */
  readonly fromMaster: boolean;
  /** The CAS of the node's copy; 0n when it has none. */
  readonly cas: bigint;
}

/** The answer of one node. */
export class ObserveResult extends Result {
  readonly info: ObserveInfo;

  constructor(key: string, info: ObserveInfo) {
    super(key, 0);
    this.info = info;
  }
}

const HEAD_BYTES = 4;
const TAIL_BYTES = 9;

const observeSpec: OperationSpec<ObserveResult> = {
  name: 'observe',
  opcode: Opcode.Observe,
  idempotent: true,
  route: 'key',
  keyInValue: true,
  quiet: false,
  value(operation: Operation, writer: FrameWriter, collections: boolean): void {
    writer.u16(operation.vbucket);
    const lengthAt = writer.length;
    writer.u16(0);
    if (collections) writeLeb128(writer, operation.collectionId);
    writer.utf8(operation.key);
    writer.bytes.writeUInt16BE(writer.length - lengthAt - 2, lengthAt);
  },
  result(operation: Operation, frame: Frame): ObserveResult {
    const { bytes, valueStart: at, valueLength } = frame;
    const keyLength = valueLength < HEAD_BYTES ? 0 : bytes.readUInt16BE(at + 2);
    if (valueLength !== HEAD_BYTES + keyLength + TAIL_BYTES) {
      throw new ProtocolError(`the answer to observe has ${valueLength} bytes, which is not one document's`);
    }
    const tail = at + HEAD_BYTES + keyLength;
    const cas = u64(u32(bytes, tail + 1), u32(bytes, tail + 5));
    return new ObserveResult(operation.key, { flags: bytes[tail]!, fromMaster: operation.replica === 0, cas });
  },
};

/** Asks the node with one copy of the document: 0 the active one, n the n-th replica. */
export function observeCopy(context: OperationContext, key: string, replica: number): Operation<ObserveResult> {
  const operation = new Operation(observeSpec, key, context.transcoder);
  operation.replica = replica;
  operation.timeoutMs = context.timeoutMs;
  return operation;
}
