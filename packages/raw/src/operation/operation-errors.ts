import {
  CasMismatchError,
  CouchbaseError,
  DocumentExistsError,
  FeatureNotAvailableError,
  ObjectDestroyedError,
  Opcode,
  ProtocolError,
  Status,
  type StatusErrorClass,
  TimeoutError,
} from '@cb/protocol';
import type { Operation } from './operation.js';

/** The error class of a status for this operation, where that is more specific than the status alone (SDK RFC 0058). */
export function refusalClass(operation: Operation, status: number): StatusErrorClass | undefined {
  if (status === Status.Locked) return operation.opcode === Opcode.UnlockKey ? CasMismatchError : undefined;
  if (status !== Status.KeyExists) return undefined;
  if (operation.casHigh !== 0 || operation.casLow !== 0) return CasMismatchError;
  return operation.spec.isInsert?.(operation) === true ? DocumentExistsError : undefined;
}

/** Returns the error of an operation in flight whose bucket is destroyed. */
export function destroyed(operation: Operation): ObjectDestroyedError {
  const { spec, state, fateUnknown } = operation;
  const ambiguous = !spec.idempotent && (state === 'sent' || fateUnknown);
  const message = `the bucket was destroyed before ${spec.name} was answered`;
  return new ObjectDestroyedError(message, { ...operation.details(), ambiguous });
}

/** The mutation is stored; what failed is waiting for the other copies. */
export function notDurable(operation: Operation, error: CouchbaseError): CouchbaseError {
  if (!(error instanceof TimeoutError)) return error;
  const { persistTo, replicateTo } = operation.endurance!;
  const message = `${operation.spec.name} is stored, but not in time persisted to ${persistTo} nodes and replicated to ${replicateTo}`;
  return new TimeoutError(message, { ...operation.details(), cause: error, ambiguous: true });
}

/**
 * Returns the error of an operation by its answer: its status, or that it cannot be decoded. In that case, a mutation
 * may have taken effect.
 */
export function undecodable(operation: Operation, status: number, node: string, cause: unknown): CouchbaseError {
  if (cause instanceof CouchbaseError && !(cause instanceof ProtocolError)) return cause;
  const { name, idempotent } = operation.spec;
  const what = cause instanceof Error ? cause.message : String(cause);
  const message = `the answer to ${name} cannot be read: ${what}`;
  return new ProtocolError(message, { ...operation.details(), status, node, cause, ambiguous: !idempotent });
}

/** The server did not agree to what the operation needs. */
export function notOffered(operation: Operation, feature: string, node: string): FeatureNotAvailableError {
  const message = `${operation.spec.name} needs ${feature}, which ${node} does not have`;
  return new FeatureNotAvailableError(message, { ...operation.details(), node });
}

/** The answer with the operation's opaque is one to another kind of operation. */
export function answersOther(operation: Operation, opcode: number, node: string): ProtocolError {
  const message = `${node} answered ${operation.spec.name} with opcode 0x${opcode.toString(16)}`;
  return new ProtocolError(message, { ...operation.details(), node });
}

/** Returns the error of an operation without an answer at its deadline. */
export function unanswered(operation: Operation, node: string): TimeoutError {
  const { spec, timeoutMs } = operation;
  const message = `${spec.name} was not answered within ${Math.ceil(timeoutMs)} ms`;
  return new TimeoutError(message, { ...operation.details(), node, ambiguous: !spec.idempotent });
}
