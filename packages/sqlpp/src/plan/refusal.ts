import type { Placed } from '../errors/placed.js';
import type { ChangeCollections, ChangeSequence } from '../syntax/definition.js';
import type { Execute, Statement, Unsupported } from '../syntax/statement.js';
import { StatementError } from '../text/syntax-error.js';

const CODE_PARSE = 3000;
const CODE_ENTERPRISE = 3230;
const CODE_TRANSACTION = 17002;

/** Statements that need a transaction around them, which there is never. */
const IN_TRANSACTION: ReadonlySet<string> = new Set(['COMMIT TRANSACTION', 'ROLLBACK TRANSACTION', 'SAVEPOINT']);

/**
 * Returns the error of a statement that can be read, but is not carried out: what is wrong with its names, if anything is,
 * else that it is not supported.
 *
 * @param hasContext whether names of one part belong to a scope of the request
 */
export function refusal(statement: Statement, places: Placed, hasContext: boolean): StatementError {
  return nameFault(statement, places, hasContext) ?? unsupported(statement);
}

/** Returns what is wrong with the names of a statement about scopes, sequences or prepared statements. */
export function nameFault(statement: Statement, places: Placed, hasContext: boolean): StatementError | undefined {
  switch (statement.kind) {
    case 'execute':
      return executeFault(statement, places);
    case 'create scope':
    case 'drop scope':
      return scopeFault(statement, places, hasContext);
    case 'create sequence':
    case 'alter sequence':
    case 'drop sequence':
      return sequenceFault(statement, places, hasContext);
    default:
      return undefined;
  }
}

/** What stands behind EXECUTE names a prepared statement; a call is one of a function, which is not there. */
function executeFault({ name }: Execute, places: Placed): StatementError | undefined {
  if (name.kind !== 'call') return undefined;
  const path = name.path.join('.');
  return places.placed(CODE_PARSE, `Invalid function ${path} (resolving to default:${path})`, name.at);
}

/** A scope is one of a bucket. */
function scopeFault({ path }: ChangeCollections, places: Placed, hasContext: boolean): StatementError | undefined {
  if (path.parts.length > 1 || hasContext) return undefined;
  const { namespace = 'default', parts, at } = path;
  const message = `Scope resolves to ${namespace}:${parts[0]} - 3 path parts are expected`;
  return places.placed(CODE_PARSE, message, at, '.');
}

/** A sequence is one of a scope. */
function sequenceFault({ path }: ChangeSequence, places: Placed, hasContext: boolean): StatementError | undefined {
  const isWhole = path.parts.length > 1 || hasContext;
  return isWhole ? undefined : places.placed(CODE_PARSE, 'Invalid sequence name', path.at);
}

function unsupported(statement: Statement): StatementError {
  if (statement.kind === 'unsupported') return unsupportedStatement(statement);
  return new StatementError(CODE_ENTERPRISE, `'${statement.kind}' is not supported.`);
}

function unsupportedStatement({ what }: Unsupported): StatementError {
  if (!IN_TRANSACTION.has(what)) return new StatementError(CODE_ENTERPRISE, `'${what}' is not supported.`);
  const [word] = what.split(' ');
  return new StatementError(CODE_TRANSACTION, `${word} statement is not supported outside the transaction`);
}
