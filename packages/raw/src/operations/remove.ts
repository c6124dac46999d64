import { Opcode } from '@cb/protocol';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import { DURABILITY_OPTIONS, type DurabilityOptions, setDurability } from '../operation/durability.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import { type CasOptions, type OperationOptions, type QuietOptions, setCas } from '../operation/options.js';
import { operationResult } from '../operation/read.js';
import type { OperationResult } from '../results/results.js';

/** Options of `remove`. */
export interface RemoveOptions extends OperationOptions, QuietOptions, CasOptions, DurabilityOptions {}

const OPTIONS = ['timeout', 'signal', 'retry', 'quiet', 'cas', ...DURABILITY_OPTIONS] as const;

const removeSpec: OperationSpec<OperationResult> = {
  name: 'remove',
  opcode: Opcode.Delete,
  idempotent: false,
  route: 'key',
  quiet: true,
  result: operationResult,
};

export function remove(context: OperationContext, key: string, options?: RemoveOptions): Operation<OperationResult> {
  const operation = keyedOperation(context, removeSpec, key, options, OPTIONS);
  if (options !== undefined) {
    setCas(operation, options);
    setDurability(operation, context, options);
  }
  return operation;
}
