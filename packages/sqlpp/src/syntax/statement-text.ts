import { definitionText } from './definition-text.js';
import { quotedName } from './expression-parts.js';
import { mutationText } from './mutation-text.js';
import { clause, clauses, pathText, selectText, sourceText } from './source-text.js';
import type { Statement } from './statement.js';

/** Returns a text of a statement that is read as the same statement: names in backticks, no comments save hints. */
export function statementText(statement: Statement): string {
  switch (statement.kind) {
    case 'select':
      return selectText(statement);
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return mutationText(statement);
    case 'explain':
      return `EXPLAIN ${statementText(statement.statement)}`;
    case 'explain function':
      return `EXPLAIN FUNCTION ${pathText(statement.path)}`;
    case 'prepare': {
      const { force, name, statement: prepared } = statement;
      const head = name === undefined ? undefined : `${quotedName(name)} AS`;
      return clauses('PREPARE', force ? 'FORCE' : undefined, head, statementText(prepared));
    }
    case 'execute':
      return clauses('EXECUTE', sourceText(statement.name), clause('USING', statement.using));
    case 'unsupported':
      return statement.text;
    default:
      return definitionText(statement);
  }
}
