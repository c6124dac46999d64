import { ArgumentError, Opcode } from '@cb/protocol';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import { type Cas, type OperationOptions, type QuietOptions, setCas } from '../operation/options.js';
import { operationResult, valueResult } from '../operation/read.js';
import type { OperationResult, ValueResult } from '../results/results.js';
import { describe } from '../values/argument-checks.js';
import { writeExpiry } from './get.js';

/** Options of `lock`. */
export interface LockOptions extends OperationOptions, QuietOptions {
  /** Seconds that the lock lasts unless it is released before: a whole number from 1 to 30. Required. */
  readonly ttl: number;
}

/** Options of `unlock`. */
export interface UnlockOptions extends OperationOptions {
  /** The CAS that `lock` gave. Required. */
  readonly cas: Cas;
}

const LOCK_OPTIONS = ['timeout', 'signal', 'retry', 'quiet', 'ttl'] as const;
const UNLOCK_OPTIONS = ['timeout', 'signal', 'retry', 'cas'] as const;
/** kv_engine: `getl_max_timeout`; a longer time would silently become 15 seconds. */
const LOCK_SECONDS_MAX = 30;

const lockSpec: OperationSpec<ValueResult> = {
  name: 'lock',
  opcode: Opcode.GetLocked,
  idempotent: false,
  route: 'key',
  quiet: true,
  extras: writeExpiry,
  result: valueResult,
};

const unlockSpec: OperationSpec<OperationResult> = {
  name: 'unlock',
  opcode: Opcode.UnlockKey,
  idempotent: false,
  route: 'key',
  quiet: false,
  result: operationResult,
};

export function lock<T>(context: OperationContext, key: string, options: LockOptions): Operation<ValueResult<T>> {
  const operation = keyedOperation(context, lockSpec, key, options, LOCK_OPTIONS);
  const ttl: unknown = options?.ttl;
  if (typeof ttl !== 'number' || !Number.isInteger(ttl) || ttl < 1 || ttl > LOCK_SECONDS_MAX) {
    throw new ArgumentError(`ttl of lock must be from 1 to ${LOCK_SECONDS_MAX} seconds, not ${describe(ttl)}`);
  }
  operation.expiry = ttl;
  return operation as Operation<ValueResult<T>>;
}

export function unlock(context: OperationContext, key: string, options: UnlockOptions): Operation<OperationResult> {
  const operation = keyedOperation(context, unlockSpec, key, options, UNLOCK_OPTIONS);
  if (options !== undefined) setCas(operation, options);
  if (operation.casHigh === 0 && operation.casLow === 0) {
    throw new ArgumentError('cas of unlock must be the one that lock gave');
  }
  return operation;
}
