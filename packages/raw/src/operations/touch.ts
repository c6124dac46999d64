import { type Frame, Opcode } from '@cb/protocol';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import type { OperationOptions } from '../operation/options.js';
import { checkTtl, type TtlOptions } from '../operation/ttl.js';
import { OperationResult } from '../results/results.js';
import { writeExpiry } from './get.js';

/** `ttl` 0, the default, removes the expiry. */
export interface TouchOptions extends OperationOptions, TtlOptions {}

const OPTIONS = ['timeout', 'signal', 'retry', 'ttl'] as const;

const touchSpec: OperationSpec<OperationResult> = {
  name: 'touch',
  opcode: Opcode.Touch,
  idempotent: false,
  route: 'key',
  quiet: false,
  extras: writeExpiry,
  /** A touch is not a mutation that can be observed: it has a CAS and no mutation token. */
  result: (operation: Operation, frame: Frame) =>
    new OperationResult(operation.key, 0, frame.casHigh, frame.casLow, undefined),
};

export function touch(context: OperationContext, key: string, options?: TouchOptions): Operation<OperationResult> {
  const operation = keyedOperation(context, touchSpec, key, options, OPTIONS);
  operation.expiry = checkTtl(options?.ttl);
  return operation;
}
