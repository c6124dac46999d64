import { type CouchbaseError, ObjectDestroyedError, TimeoutError } from '@cb/protocol';
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
