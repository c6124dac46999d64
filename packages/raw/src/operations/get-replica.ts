import { ArgumentError, type CouchbaseError, type Frame, NotFoundError, Opcode, vbucketOf } from '@cb/protocol';
import type { CompositeCall, CompositeSteps } from '../operation/composite.js';
import { keyedOperation, type OperationContext } from '../operation/context.js';
import type { Operation, OperationSpec } from '../operation/operation.js';
import type { OperationOptions, QuietOptions } from '../operation/options.js';
import { valueResult } from '../operation/read.js';
import { failedResult, ReplicaResult } from '../results/results.js';
import { checkBoolean, describe } from '../values/argument-checks.js';
import { placedReplicas } from './placed-copies.js';

/** Options of `getAllReplicas`. */
export interface AllReplicasOptions extends OperationOptions, QuietOptions {
  /** Deliver the value as the stored bytes, whatever its format; `flags` keep the format. Default false. */
  readonly noFormat?: boolean | undefined;
}

/** Options of `getReplica`. */
export interface ReplicaOptions extends AllReplicasOptions {
  /** Which replica to read: 0 to the number of replicas less one. Default: whichever answers first. */
  readonly replicaIndex?: number | undefined;
}

const ALL_OPTIONS = ['timeout', 'signal', 'retry', 'quiet', 'noFormat'] as const;
const NO_REPLICAS = 'the bucket has no replicas';
const OPTIONS = [...ALL_OPTIONS, 'replicaIndex'] as const;

/** Source: kv_engine docs/BinaryProtocol.md, "0x83 Get Replica": a get, answered by a node that has a replica. */
const replicaSpec: OperationSpec<ReplicaResult> = {
  name: 'getReplica',
  opcode: Opcode.GetReplica,
  idempotent: true,
  route: 'key',
  quiet: true,
  result: replicaResult,
};

const activeSpec: OperationSpec<ReplicaResult> = { ...replicaSpec, name: 'getAllReplicas', opcode: Opcode.Get };
const anyReplicaSpec: OperationSpec<ReplicaResult> = { ...replicaSpec, name: 'getAnyReplica' };
const anyActiveSpec: OperationSpec<ReplicaResult> = { ...anyReplicaSpec, opcode: Opcode.Get };

function replicaResult(operation: Operation, frame: Frame): ReplicaResult {
  const { key, rc, value, flags } = valueResult(operation, frame);
  return new ReplicaResult(key, rc, frame.casHigh, frame.casLow, value, flags, operation.replica > 0);
}

/** Reads from one replica. */
export function replicaByIndex<T>(
  context: OperationContext,
  key: string,
  options: ReplicaOptions,
): Operation<ReplicaResult<T>> {
  const operation = copyOperation<T>(context, replicaSpec, key, options, OPTIONS);
  operation.replica = 1 + checkIndex(options.replicaIndex, context.replicas);
  return operation;
}

/** Reads from all replicas and takes the first document that comes; the others are cancelled. */
export function anyReplica<T>(
  context: OperationContext,
  name: string,
  key: string,
  options?: ReplicaOptions,
): CompositeCall<ReplicaResult<T>> {
  if (options?.replicaIndex !== undefined)
    throw new ArgumentError(`${name} asks all replicas: replicaIndex is for getReplica`);
  const read = (replica: number): Operation<ReplicaResult<T>> => {
    const operation = copyOperation<T>(context, replicaSpec, key, options, OPTIONS);
    operation.replica = replica;
    return operation;
  };
  return firstCall(name, key, read(1), (steps) => {
    if (context.replicas === 0) throw new ArgumentError(NO_REPLICAS);
    return replicasOf(steps, key, context.replicas).map(read);
  });
}

/** Reads from the replica that the options name, or from whichever answers first. */
export function oneReplica<T>(
  context: OperationContext,
  key: string,
  options?: ReplicaOptions,
): Operation<ReplicaResult<T>> | CompositeCall<ReplicaResult<T>> {
  return options?.replicaIndex === undefined
    ? anyReplica<T>(context, 'getReplica', key, options)
    : replicaByIndex<T>(context, key, options);
}

/** The first document that any of the reads brings. */
function firstCall<T>(
  name: string,
  key: string,
  checked: Operation,
  reads: (steps: CompositeSteps) => Operation<ReplicaResult<T>>[],
): CompositeCall<ReplicaResult<T>> {
  return replicaCall(name, checked, async (steps, quiet) => {
    const operations = reads(steps).map(asPart);
    try {
      return await Promise.any(operations.map((operation) => steps.issue(operation)));
    } catch (thrown) {
      const error = decisive((thrown as AggregateError).errors);
      if (quiet && error instanceof NotFoundError) return missing<T>(key, error);
      throw error;
    } finally {
      for (const operation of operations) operation.cancel();
    }
  });
}

/** Reads from all copies, the active one too, and takes the first document that comes; the others are cancelled. */
export function anyCopy<T>(
  context: OperationContext,
  key: string,
  options?: AllReplicasOptions,
): CompositeCall<ReplicaResult<T>> {
  const read = (replica: number): Operation<ReplicaResult<T>> => {
    const spec = replica === 0 ? anyActiveSpec : anyReplicaSpec;
    const operation = copyOperation<T>(context, spec, key, options, ALL_OPTIONS);
    operation.replica = replica;
    return operation;
  };
  return firstCall('getAnyReplica', key, read(0), (steps) => copiesOf(steps, key, context.replicas).map(read));
}

/** Reads from the active copy and all replicas. */
export function getAllReplicas<T>(
  context: OperationContext,
  key: string,
  options?: AllReplicasOptions,
): CompositeCall<ReplicaResult<T>[]> {
  const read = (replica: number): Operation<ReplicaResult<T>> => {
    const spec = replica === 0 ? activeSpec : replicaSpec;
    const operation = copyOperation<T>(context, spec, key, options, ALL_OPTIONS);
    operation.replica = replica;
    return operation;
  };
  return replicaCall('getAllReplicas', read(0), async (steps, quiet) => {
    const copies = copiesOf(steps, key, context.replicas);
    const answers = await Promise.allSettled(copies.map((replica) => steps.issue(asPart(read(replica)))));
    const found = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    if (found.length > 0) return found;
    const error = decisive(answers.map((each) => (each as PromiseRejectedResult).reason));
    if (quiet && error instanceof NotFoundError) return [];
    throw error;
  });
}

/** The call, with all that was checked while its first operation was made. */
function replicaCall<R>(
  name: string,
  { key, timeoutMs, signal, quiet }: Operation,
  run: (steps: CompositeSteps, quiet: boolean) => Promise<R>,
): CompositeCall<R> {
  return { name, key, timeoutMs, signal, idempotent: true, run: (steps) => run(steps, quiet) };
}

function copyOperation<T>(
  context: OperationContext,
  spec: OperationSpec<ReplicaResult>,
  key: string,
  options: AllReplicasOptions | undefined,
  known: readonly string[],
): Operation<ReplicaResult<T>> {
  const operation = keyedOperation(context, spec, key, options, known);
  if (options?.noFormat !== undefined) operation.noFormat = checkBoolean(options.noFormat, 'noFormat');
  return operation as Operation<ReplicaResult<T>>;
}

/** Part of a composite, which sees to quiet and the signal itself. */
function asPart<T>(operation: Operation<ReplicaResult<T>>): Operation<ReplicaResult<T>> {
  operation.quiet = false;
  operation.signal = undefined;
  return operation;
}

/** The replicas of the key that have a node now, from 1; all of them when none has, as one may come in time. */
export function replicasOf(steps: CompositeSteps, key: string, replicas: number): number[] {
  const placed = placedReplicas(steps, vbucketOf(key, steps.host.cluster.map!.vbuckets));
  return placed.length > 0 ? placed : Array.from({ length: replicas }, (_none, index) => index + 1);
}

/** The active copy, and the replicas as `replicasOf` has them. */
function copiesOf(steps: CompositeSteps, key: string, replicas: number): number[] {
  return [0, ...(replicas === 0 ? [] : replicasOf(steps, key, replicas))];
}

/** A copy that did not answer might have had the document: it is missing only when all copies say so. */
export function decisive(errors: readonly CouchbaseError[]): CouchbaseError {
  return errors.find((error) => !(error instanceof NotFoundError)) ?? errors[0]!;
}

function missing<T>(key: string, error: CouchbaseError): ReplicaResult<T> {
  const { rc, flags } = failedResult(key, error);
  return new ReplicaResult<T>(key, rc, 0, 0, undefined as T, flags, true);
}

function checkIndex(index: unknown, replicas: number): number {
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < replicas) return index;
  if (replicas === 0) throw new ArgumentError(NO_REPLICAS);
  throw new ArgumentError(`replicaIndex must be from 0 to ${replicas - 1}, not ${describe(index)}`);
}
