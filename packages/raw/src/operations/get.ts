import { type FrameWriter, Opcode } from '@cb/protocol';
import type { Operation, OperationSpec } from '../operation.js';
import type { ValueResult } from '../results.js';
import { keyedOperation, type OperationContext } from './context.js';
import { checkBoolean, checkTtl, type OperationOptions, type QuietOptions, type TtlOptions } from './options.js';
import { valueResult } from './read.js';

/** `ttl` makes it a get-and-touch; there 0 removes an expiry, as the server has it. */
export interface GetOptions extends OperationOptions, QuietOptions, TtlOptions {
  /** Deliver the value as the stored bytes, whatever its format; `flags` keep the format. Default false. */
  readonly noFormat?: boolean;
}

const OPTIONS = ['timeout', 'signal', 'quiet', 'ttl', 'noFormat'] as const;

const getSpec: OperationSpec<ValueResult> = {
  name: 'get',
  opcode: Opcode.Get,
  idempotent: true,
  route: 'key',
  quiet: true,
  result: valueResult,
};

const getAndTouchSpec: OperationSpec<ValueResult> = {
  ...getSpec,
  opcode: Opcode.GetAndTouch,
  idempotent: false,
  extras: writeExpiry,
};

export function get<T>(context: OperationContext, key: string, options?: GetOptions): Operation<ValueResult<T>> {
  const spec = options?.ttl === undefined ? getSpec : getAndTouchSpec;
  const operation = keyedOperation(context, spec, key, options, OPTIONS);
  if (options !== undefined) {
    operation.expiry = checkTtl(options.ttl);
    if (options.noFormat !== undefined) operation.noFormat = checkBoolean(options.noFormat, 'noFormat');
  }
  return operation as Operation<ValueResult<T>>;
}

/** Extras that are the expiry alone. */
export function writeExpiry(operation: Operation, writer: FrameWriter): void {
  writer.u32(operation.expiry);
}
