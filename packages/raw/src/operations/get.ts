import { ArgumentError, type FrameWriter, Opcode } from '@cb/protocol';
import type { CompositeCall } from '../operation/composite.js';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import type { OperationOptions, QuietOptions } from '../operation/options.js';
import { valueResult } from '../operation/read.js';
import { checkTtl, type TtlOptions } from '../operation/ttl.js';
import type { ReplicaResult, ValueResult } from '../results/results.js';
import { checkBoolean } from '../values/argument-checks.js';
import { anyReplica } from './get-replica.js';

/** `ttl` makes it a get-and-touch; there 0 removes an expiry, as the server has it. */
export interface GetOptions extends OperationOptions, QuietOptions, TtlOptions {
  /** Deliver the value as the stored bytes, whatever its format; `flags` keep the format. Default false. */
  readonly noFormat?: boolean | undefined;
  /** Read from whichever replica answers first, as `getReplica` does. Not together with `ttl`. Default false. */
  readonly replica?: boolean | undefined;
}

const OPTIONS = ['timeout', 'signal', 'retry', 'quiet', 'ttl', 'noFormat', 'replica'] as const;

const common = { name: 'get', route: 'key', quiet: true, result: valueResult } as const;

const getSpec: OperationSpec<ValueResult> = {
  ...common,
  opcode: Opcode.Get,
  idempotent: true,
  isSameRequest: () => true,
};

const getAndTouchSpec: OperationSpec<ValueResult> = {
  ...common,
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
    if (options.replica !== undefined) checkBoolean(options.replica, 'replica');
  }
  return operation as Operation<ValueResult<T>>;
}

/** The same with `replica`. */
export function getFromReplica<T>(
  context: OperationContext,
  key: string,
  { replica: _true, ttl, ...options }: GetOptions,
): CompositeCall<ReplicaResult<T>> {
  if (ttl !== undefined) throw new ArgumentError('get takes either replica or ttl: a replica cannot be touched');
  return anyReplica<T>(context, 'get', key, options);
}

/** Extras that are the expiry alone. */
export function writeExpiry(operation: Operation, writer: FrameWriter): void {
  writer.u32(operation.expiry);
}
