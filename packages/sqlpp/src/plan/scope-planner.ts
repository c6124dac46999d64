import { WithOptions } from '../definitions/with-options.js';
import type { CollectionName, CollectionOptions, ScopeCatalog, ScopeName } from '../keyspaces/scope-catalog.js';
import type { ChangeCollections } from '../syntax/definition.js';
import { StatementError } from '../text/syntax-error.js';
import type { ObjectValue } from '../values/value.js';
import { compileWith, type DefinitionPlan, effectPlan } from './definition-plan.js';
import type { Planner } from './planning.js';
import { nameFault } from './refusal.js';

const CODE_PARSE = 3000;
const CODE_PARTS = 10200;
const CODE_CREATE_COLLECTION = 12027;

const DEFAULT = '_default';

/** Plans CREATE, DROP and FLUSH of a scope or a collection. */
export function planChangeCollections(
  planner: Planner,
  scopes: ScopeCatalog,
  statement: ChangeCollections,
): DefinitionPlan {
  const { kind, lenient } = statement;
  if (kind === 'create scope' || kind === 'drop scope') {
    const name = scopeName(planner, statement);
    return effectPlan(() =>
      kind === 'create scope' ? scopes.createScope(name, lenient) : scopes.dropScope(name, lenient),
    );
  }
  const name = collectionName(planner, statement);
  if (kind === 'drop collection') return effectPlan(() => scopes.dropCollection(name, lenient));
  if (kind === 'flush collection') return effectPlan(() => scopes.flushCollection(name));
  const options = compileWith(planner, statement.with);
  return effectPlan((run) => scopes.createCollection(name, collectionOptions(name, options(run)), lenient));
}

function scopeName(planner: Planner, statement: ChangeCollections): ScopeName {
  const { context } = planner;
  const fault = nameFault(statement, planner, context !== undefined);
  if (fault !== undefined) throw fault;
  const { namespace = 'default', parts, at } = statement.path;
  if (parts.length > 2) {
    const message = `Scope resolves to ${namespace}:${parts.join('.')} - 3 path parts are expected`;
    throw planner.placed(CODE_PARSE, message, at, '.');
  }
  const [first = '', second] = parts;
  if (second !== undefined) return { namespace, bucket: first, scope: second };
  return { namespace, bucket: context?.bucket ?? '', scope: first };
}

function collectionName(planner: Planner, { kind, path }: ChangeCollections): CollectionName {
  const { namespace = 'default', parts, at } = path;
  const [first = '', second, third] = parts;
  if (third !== undefined) return { namespace, bucket: first, scope: second as string, collection: third };
  const text = `${namespace}:${parts.join('.')}`;
  if (second !== undefined) {
    throw planner.placed(CODE_PARSE, `Keyspace resolves to ${text} - only 2 or 4 parts are valid`, at, '.');
  }
  const { context } = planner;
  if (context !== undefined) return { namespace, bucket: context.bucket, scope: context.scope, collection: first };
  if (kind === 'flush collection') return { namespace, bucket: first, scope: DEFAULT, collection: DEFAULT };
  throw new StatementError(CODE_PARTS, `Collection resolves to ${text} - 4 path parts are expected`);
}

function collectionOptions(name: CollectionName, options: ObjectValue): CollectionOptions {
  try {
    const maxTtl = new WithOptions(options, ['maxTTL']).integer('maxTTL');
    return maxTtl === undefined ? {} : { maxTtl: Number(maxTtl) };
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const path = `${name.namespace}:${name.bucket}.${name.scope}.${name.collection}`;
    throw new StatementError(
      CODE_CREATE_COLLECTION,
      `Error while creating collection ${path} - cause: ${error.message}`,
      undefined,
      error.reason,
    );
  }
}
