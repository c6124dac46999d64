import type { Result } from '../results/results.js';
import { checkBoolean, checkOptions, checkSignal, checkTimeout } from '../values/argument-checks.js';
import type { Format, Transcoder } from '../values/transcoder.js';
import type { CollectionRef } from './collection-ref.js';
import type { OperationSpec } from './operation.js';
import { Operation } from './operation.js';
import {
  COLLECTION_KEY_BYTES_MAX,
  checkKey,
  KEY_BYTES_MAX,
  type OperationOptions,
  type QuietOptions,
} from './options.js';
import { checkRetry } from './retry-strategy.js';

/** What an operation inherits from the bucket or collection it is called on. */
export interface OperationContext {
  readonly quiet: boolean;
  readonly defaultFormat: Format;
  readonly transcoder: Transcoder;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds, for operations with a durability level. */
  readonly durableTimeoutMs: number;
  /** Milliseconds that `endure` waits. */
  readonly endureTimeoutMs: number;
  /** Milliseconds from one round of observing to the next. */
  readonly endureIntervalMs: number;
  /** How many replicas the bucket has. */
  readonly replicas: number;
  /** The collection, unless it is the default one. */
  readonly collection?: CollectionRef;
}

/** Makes the operation after checking what every keyed operation has; `known` are the names of its options. */
export function keyedOperation<R extends Result>(
  context: OperationContext,
  spec: OperationSpec<R>,
  key: string,
  options: (OperationOptions & QuietOptions) | undefined,
  known: readonly string[],
): Operation<R> {
  const { collection } = context;
  checkKey(key, collection === undefined ? KEY_BYTES_MAX : COLLECTION_KEY_BYTES_MAX);
  const operation = new Operation(spec, key, context.transcoder);
  operation.timeoutMs = context.timeoutMs;
  operation.collection = collection;
  if (spec.quiet) operation.quiet = context.quiet;
  if (options !== undefined) {
    checkOptions(spec.name, options, known);
    if (options.timeout !== undefined) operation.timeoutMs = checkTimeout(options.timeout);
    if (options.retry !== undefined) operation.retry = checkRetry(options.retry);
    if (options.signal !== undefined) operation.signal = checkSignal(options.signal);
    if (options.quiet !== undefined) operation.quiet = checkBoolean(options.quiet, 'quiet');
  }
  return operation;
}
