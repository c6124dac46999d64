import { CouchbaseError, ObjectDestroyedError, ProtocolError, TimeoutError } from '@cb/protocol';
import type { Operation } from './operation.js';

/** What an operation under way fails with when its bucket is destroyed. */
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
 * What an answer fails its operation with: what it says, or that it cannot be read. A mutation was carried out, perhaps,
 * when it cannot.
 */
export function undecodable(operation: Operation, status: number, node: string, cause: unknown): CouchbaseError {
  if (cause instanceof CouchbaseError && !(cause instanceof ProtocolError)) return cause;
  const { name, idempotent } = operation.spec;
  const what = cause instanceof Error ? cause.message : String(cause);
  const message = `the answer to ${name} cannot be read: ${what}`;
  return new ProtocolError(message, { ...operation.details(), status, node, cause, ambiguous: !idempotent });
}
