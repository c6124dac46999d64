import type { MutationFault } from '../../keyspaces/keyspace.js';
import type { ErrorReason } from '../../text/error-reason.js';
import { StatementError } from '../../text/syntax-error.js';

const CODE_ALIAS = 5100;
const CODE_CHANGED_TWICE = 5320;
const CODE_INSERTED_TWICE = 5330;
const CODE_MUTATION = 12009;

/** Returns the error of a document that could not be changed. */
export function mutationError(fault: MutationFault, verb: string, id: string): StatementError {
  const message = `DML Error, possible causes include concurrent modification. Failed to perform ${verb} on key ${id}`;
  return new StatementError(CODE_MUTATION, message, undefined, reasonOf(fault, id));
}

function reasonOf(fault: MutationFault, id: string): ErrorReason {
  switch (fault.kind) {
    case 'exists':
      return { code: 17012, key: 'dml.statement.duplicatekey', message: `Duplicate Key: ${id}` };
    case 'not found':
      return { code: 17014, key: 'datastore.couchbase.keynotfound', message: `Key not found: ${id}` };
    case 'changed':
      return { code: 12033, key: 'datastore.couchbase.CAS_mismatch', message: 'CAS mismatch' };
    case 'failed':
      return { code: 12034, key: 'datastore.couchbase.mc_error', message: `MC error ${fault.message}` };
  }
}

/** Returns the error of a change that leaves nothing of a document. */
export function aliasMissing(alias: string): StatementError {
  return new StatementError(CODE_ALIAS, `UPDATE alias ${alias} not found in item.`);
}

/** Returns the error of a document that rows of MERGE change twice. */
export function mergedTwice(action: 'INSERT' | 'UPDATE/DELETE', id: string): StatementError {
  const code = action === 'INSERT' ? CODE_INSERTED_TWICE : CODE_CHANGED_TWICE;
  return new StatementError(
    code,
    `Multiple ${action} of the same document (document key '${id}') in a MERGE statement`,
  );
}
