import type { Statement } from '../syntax/statement.js';

/** Returns what the service calls a kind of statement: SELECT, CREATE_INDEX ... */
export function statementType(statement: Statement): string {
  if (statement.kind === 'insert' && statement.overwrite) return 'UPSERT';
  const name = statement.kind === 'unsupported' ? statement.what : statement.kind;
  return name.toUpperCase().replaceAll(' ', '_');
}
