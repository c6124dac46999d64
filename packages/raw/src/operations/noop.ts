import { type Frame, Opcode } from '@cb/protocol';
import type { OperationContext } from '../operation/context.js';
import { Operation, type OperationSpec } from '../operation/operation.js';
import type { OperationOptions } from '../operation/options.js';
import { Result } from '../results/results.js';
import { checkOptions, checkSignal, checkTimeout } from '../values/argument-checks.js';

/** Options of `noop`. */
export interface NoopOptions extends OperationOptions {}

const noopSpec: OperationSpec<Result> = {
  name: 'noop',
  opcode: Opcode.Noop,
  idempotent: true,
  route: 'node',
  quiet: false,
  result: (_operation: Operation, _frame: Frame): Result => new Result('', 0),
};

/** Sends a no-op to any one node. */
export function noop(context: OperationContext, options?: NoopOptions): Operation<Result> {
  checkOptions('noop', options, ['timeout', 'signal', 'retry']);
  const operation = new Operation(noopSpec, '', context.transcoder);
  operation.timeoutMs = options?.timeout === undefined ? context.timeoutMs : checkTimeout(options.timeout);
  if (options?.signal !== undefined) operation.signal = checkSignal(options.signal);
  return operation;
}
