import { type Frame, type FrameWriter, Opcode, ProtocolError, Status } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import type { OperationOptions } from '../operation/options.js';
import { ExistsResult } from '../results/results.js';

/** Options of `exists`. */
export interface ExistsOptions extends OperationOptions {}

const OPTIONS = ['timeout', 'signal', 'retry'] as const;
/** Asks for the second version of the answer, which has the datatype (kv_engine docs/BinaryProtocol.md, Get Meta). */
const META_VERSION = 2;

const existsSpec: OperationSpec<ExistsResult> = {
  name: 'exists',
  opcode: Opcode.GetMeta,
  idempotent: true,
  route: 'key',
  quiet: false,
  isSameRequest: () => true,
  accepts: (status) => status === Status.KeyNotFound,
  extras(_operation: Operation, writer: FrameWriter): void {
    writer.u8(META_VERSION);
  },
  result(operation: Operation, frame: Frame): ExistsResult {
    if (frame.status === Status.KeyNotFound) return new ExistsResult(operation.key, 0, 0, false);
    if (frame.extrasLength < 4) {
      throw new ProtocolError(`the answer to exists has ${frame.extrasLength} bytes of extras, not 20 or 21`);
    }
    const deleted = u32(frame.bytes, frame.extrasStart) !== 0;
    return deleted
      ? new ExistsResult(operation.key, 0, 0, false)
      : new ExistsResult(operation.key, frame.casHigh, frame.casLow, true);
  },
};

export function exists(context: OperationContext, key: string, options?: ExistsOptions): Operation<ExistsResult> {
  return keyedOperation(context, existsSpec, key, options, OPTIONS);
}
