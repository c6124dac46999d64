import type { KeyspaceName } from '../keyspaces/catalog.js';
import type { IndexCatalog } from '../keyspaces/index-catalog.js';
import type { KeyspaceIndex } from '../keyspaces/index-scan.js';
import type { Keyspace } from '../keyspaces/keyspace.js';
import type { AlterIndex, BuildIndex, CreateIndex, DropIndex } from '../syntax/definition.js';
import type { Expression } from '../syntax/expression.js';
import type { KeyspacePath } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';
import { jsonText } from '../values/json-text.js';
import type { Value } from '../values/value.js';
import { compileOption, compileWith, type DefinitionPlan, effectPlan } from './definition-plan.js';
import { planIndexDefinition } from './index-definition.js';
import type { Planner } from './planning.js';

const CODE_EXISTS = 4300;
const CODE_BUILD = 5411;
const CODE_NO_PRIMARY = 12004;
const CODE_NO_INDEX = 12016;
const CODE_NOT_PRIMARY = 12035;
const CODE_BUILD_NAME = 5410;

const PRIMARY_NAME = '#primary';

/** Plans a statement about indexes; nothing if there cannot be any, and the statement has no fault of its own. */
export function planIndexStatement(
  planner: Planner,
  indexes: IndexCatalog | undefined,
  statement: CreateIndex | DropIndex | AlterIndex | BuildIndex,
): DefinitionPlan | undefined {
  if (statement.kind === 'create index') return planCreate(planner, indexes, statement);
  if (indexes === undefined) return undefined;
  switch (statement.kind) {
    case 'drop index':
      return planDrop(planner, indexes, statement);
    case 'alter index':
      return planAlter(planner, indexes, statement);
    case 'build index':
      return planBuild(planner, indexes, statement);
  }
}

function planCreate(
  planner: Planner,
  indexes: IndexCatalog | undefined,
  statement: CreateIndex,
): DefinitionPlan | undefined {
  const definition = planIndexDefinition(planner, statement);
  if (indexes === undefined) return undefined;
  const { name, keyspace } = keyspaceOf(planner, indexes, statement);
  const options = compileWith(planner, statement.with);
  return effectPlan((run) => {
    const created = definition(options(run));
    if (find(keyspace, created.name) === undefined) indexes.create(name, created);
    else if (!statement.ifNotExists) {
      throw new StatementError(CODE_EXISTS, `The index ${created.name} already exists.`);
    }
  });
}

/** DROP PRIMARY INDEX without a name drops the one with the usual name, else any. */
function planDrop(planner: Planner, indexes: IndexCatalog, statement: DropIndex): DefinitionPlan {
  const { name, keyspace } = keyspaceOf(planner, indexes, statement);
  return effectPlan(() => {
    const found =
      statement.name !== undefined
        ? find(keyspace, statement.name)
        : (find(keyspace, PRIMARY_NAME) ?? indexesOf(keyspace).find(({ definition }) => definition.isPrimary));
    if (found !== undefined) {
      if (statement.primary && !found.definition.isPrimary) throw notPrimary(found.definition.name);
      indexes.drop(name, found.definition.name);
    } else if (!statement.ifExists) throw notFound(statement.name);
  });
}

function planAlter(planner: Planner, indexes: IndexCatalog, statement: AlterIndex): DefinitionPlan {
  const { name, keyspace } = keyspaceOf(planner, indexes, statement);
  const options = compileWith(planner, statement.with);
  return effectPlan((run) => {
    if (find(keyspace, statement.name) === undefined) throw notFound(statement.name);
    indexes.alter(name, statement.name, options(run));
  });
}

function planBuild(planner: Planner, indexes: IndexCatalog, statement: BuildIndex): DefinitionPlan {
  const { name, keyspace } = keyspaceOf(planner, indexes, statement);
  const given = statement.names.map((expression) => compileOption(planner, nameExpression(expression)));
  return effectPlan((run) => {
    const names = given.flatMap((value) => namesOf(value(run)));
    const unknown = names.find((each) => find(keyspace, each) === undefined);
    const known = names.filter((each) => find(keyspace, each) !== undefined);
    if (known.length > 0) indexes.build(name, known);
    if (unknown === undefined) return;
    throw new StatementError(CODE_BUILD, `index ${unknown} is not found - cause: ${notFound(unknown).message}`);
  });
}

/** A name that is not in quotes is the name of an index. */
function nameExpression(expression: Expression): Expression {
  const { at } = expression;
  return expression.kind === 'name' ? { kind: 'literal', value: expression.name, at } : expression;
}

/** Names come one by one, or in arrays. */
function namesOf(value: Value): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(namesOf);
  throw new StatementError(CODE_BUILD_NAME, `index name(${jsonText(value ?? null)}) must be a string`);
}

/** A catalog may ask for other rights to define indexes than to read documents. */
function keyspaceOf(
  planner: Planner,
  indexes: IndexCatalog,
  statement: { readonly keyspace: KeyspacePath },
): ReturnType<Planner['keyspace']> {
  const part = { keyspace: (name: KeyspaceName) => indexes.keyspace?.(name) };
  return planner.keyspace(statement.keyspace, indexes.keyspace === undefined ? undefined : part);
}

function indexesOf(keyspace: Keyspace): readonly KeyspaceIndex[] {
  return keyspace.indexes?.() ?? [];
}

function find(keyspace: Keyspace, name: string): KeyspaceIndex | undefined {
  return indexesOf(keyspace).find(({ definition }) => definition.name === name);
}

function notPrimary(name: string): StatementError {
  return new StatementError(CODE_NOT_PRIMARY, `Index ${name} exists but is not a primary index`);
}

function notFound(name: string | undefined): StatementError {
  if (name === undefined)
    return new StatementError(CODE_NO_PRIMARY, `Primary Index not found - cause: GSI index ${PRIMARY_NAME} not found.`);
  return new StatementError(CODE_NO_INDEX, `Index Not Found - cause: GSI index ${name} not found.`);
}
