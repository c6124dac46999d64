import type {
  AlterIndex,
  BuildIndex,
  ChangeCollections,
  ChangeSequence,
  CreateFunction,
  CreateIndex,
  Definition,
  DropIndex,
  IndexKey,
  SequenceOptions,
} from './definition.js';
import type { Expression } from './expression.js';
import { quotedName } from './expression-parts.js';
import { clause, clauses, pathText, sourceText } from './source-text.js';

/** Returns a text of a statement that defines something; it is read as the same statement. */
export function definitionText(statement: Definition): string {
  switch (statement.kind) {
    case 'create index':
      return createIndexText(statement);
    case 'drop index':
      return dropIndexText(statement);
    case 'alter index':
      return alterIndexText(statement);
    case 'build index':
      return buildIndexText(statement);
    case 'create function':
      return createFunctionText(statement);
    case 'drop function':
      return clauses('DROP FUNCTION', ifExists(statement.ifExists), pathText(statement.path));
    case 'execute function':
      return `EXECUTE FUNCTION ${pathText(statement.path)}(${statement.operands.map(sourceText).join(', ')})`;
    case 'create sequence':
    case 'alter sequence':
    case 'drop sequence':
      return sequenceText(statement);
    case 'infer':
      return clauses('INFER', pathText(statement.keyspace), clause('WITH', statement.with));
    default:
      return collectionsText(statement);
  }
}

const ifExists = (isLenient: boolean): string => (isLenient ? 'IF EXISTS' : '');
const ifNotExists = (isLenient: boolean): string => (isLenient ? 'IF NOT EXISTS' : '');

function createIndexText(statement: CreateIndex): string {
  const { primary, name, keyspace, keys, partitionBy, where } = statement;
  return clauses(
    primary ? 'CREATE PRIMARY INDEX' : 'CREATE INDEX',
    ifNotExists(statement.ifNotExists),
    name === undefined ? undefined : quotedName(name),
    `ON ${pathText(keyspace)}`,
    primary ? undefined : `(${keys.map(indexKeyText).join(', ')})`,
    partitionBy.length > 0 ? `PARTITION BY HASH (${partitionBy.map(sourceText).join(', ')})` : undefined,
    clause('WHERE', where),
    clause('WITH', statement.with),
  );
}

function indexKeyText({ value, each, descending, includeMissing }: IndexKey): string {
  return clauses(
    each && (each.distinct ? 'DISTINCT' : 'ALL'),
    sourceText(value),
    includeMissing ? 'INCLUDE MISSING' : undefined,
    descending ? 'DESC' : undefined,
  );
}

function dropIndexText({ primary, name, ifExists: isLenient, keyspace }: DropIndex): string {
  return clauses(
    primary ? 'DROP PRIMARY INDEX' : 'DROP INDEX',
    ifExists(isLenient),
    name === undefined ? undefined : quotedName(name),
    `ON ${pathText(keyspace)}`,
  );
}

function alterIndexText(statement: AlterIndex): string {
  const { name, keyspace } = statement;
  return `ALTER INDEX ${quotedName(name)} ON ${pathText(keyspace)} WITH ${sourceText(statement.with)}`;
}

function buildIndexText({ keyspace, names }: BuildIndex): string {
  return `BUILD INDEX ON ${pathText(keyspace)} (${names.map(sourceText).join(', ')})`;
}

function collectionsText(statement: ChangeCollections): string {
  const { kind, path, lenient } = statement;
  return clauses(
    kind.toUpperCase(),
    kind.startsWith('create') ? ifNotExists(lenient) : ifExists(lenient),
    pathText(path),
    clause('WITH', statement.with),
  );
}

function createFunctionText({ path, replace, parameters, body, ...rest }: CreateFunction): string {
  return clauses(
    replace ? 'CREATE OR REPLACE FUNCTION' : 'CREATE FUNCTION',
    ifNotExists(rest.ifNotExists),
    `${pathText(path)}(${parameters?.map(quotedName).join(', ') ?? '...'})`,
    bodyText(body),
  );
}

function bodyText(body: CreateFunction['body']): string {
  if (body.language === 'inline') return `LANGUAGE INLINE AS ${sourceText(body.expression)}`;
  const library = body.library === undefined ? undefined : `AT ${JSON.stringify(body.library)}`;
  return clauses(`LANGUAGE JAVASCRIPT AS ${JSON.stringify(body.code)}`, library);
}

function sequenceText({ kind, path, lenient, options }: ChangeSequence): string {
  const isNew = kind === 'create sequence';
  return clauses(
    kind.toUpperCase(),
    isNew ? ifNotExists(lenient) : ifExists(lenient),
    pathText(path),
    optionsText(options),
  );
}

/** WITH comes first, as it would belong to RESTART behind that. */
function optionsText({
  with: all,
  start,
  restart,
  increment,
  maximum,
  minimum,
  cache,
  cycle,
}: SequenceOptions): string {
  const limit = (word: string, value: Expression | null | undefined): string | undefined =>
    value === null ? `NO ${word}` : clause(word, value);
  return clauses(
    clause('WITH', all),
    clause('START WITH', start),
    restart === true ? 'RESTART' : clause('RESTART WITH', restart),
    clause('INCREMENT BY', increment),
    limit('MAXVALUE', maximum),
    limit('MINVALUE', minimum),
    limit('CACHE', cache),
    cycle === undefined ? undefined : cycle ? 'CYCLE' : 'NO CYCLE',
  );
}
