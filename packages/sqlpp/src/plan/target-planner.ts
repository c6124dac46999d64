import { type Change, isWritable, type WritableKeyspace } from '../execute/mutations/mutation.js';
import type { Evaluate } from '../expressions/run.js';
import { type KeyspaceName, keyspaceText } from '../keyspaces/catalog.js';
import type { Scope } from '../names/scope.js';
import type { Target } from '../syntax/mutation.js';
import type { KeyspacePath, Projection } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';
import type { Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import type { Planner } from './planning.js';
import { compileProjection, planProjection } from './projection-planner.js';

const CODE_READ_ONLY = 1000;
const CODE_ENTERPRISE = 3230;
const CODE_SYSTEM = 11003;

/** The keyspace that a mutation changes. */
export interface PlannedTarget {
  readonly path: KeyspacePath;
  readonly name: KeyspaceName;
  readonly keyspace: WritableKeyspace;
  /** What expressions call a document of it. */
  readonly alias: string;
  /** Whether that is the name of the keyspace itself. */
  readonly isKeyspace: boolean;
}

/** Finds the keyspace that a mutation changes in some ways. */
export function planTarget(
  planner: Planner,
  { keyspace: path, alias }: Target,
  ...changes: readonly Change[]
): PlannedTarget {
  if ('kind' in path) throw new StatementError(CODE_ENTERPRISE, "'A parameter as keyspace' is not supported.");
  const { name, keyspace } = planner.keyspace(path);
  if (!isWritable(keyspace, changes)) throw readOnly(name);
  return { path, name, keyspace, alias: alias ?? (path.parts.at(-1) as string), isKeyspace: alias === undefined };
}

function readOnly(name: KeyspaceName): StatementError {
  if (name.namespace === 'system') return new StatementError(CODE_SYSTEM, 'System datastore :  Not implemented');
  return new StatementError(CODE_READ_ONLY, `The keyspace ${keyspaceText(name)} can be read only.`);
}

/** Gives the alias of a target to a scope: the document, and its item behind. Returns the slot of the document. */
export function addTarget(planner: Planner, { name, alias, isKeyspace }: PlannedTarget, scope: Scope): number {
  const slot = scope.frame.allocate(2);
  planner.noteKeyspace(slot, name);
  scope.add({ name: alias, origin: 'source', slot, hasMeta: true, isKeyspace });
  return slot;
}

/** RETURNING, compiled. */
export interface Returning {
  readonly signature: Value;
  readonly result: Evaluate | undefined;
}

/** Plans RETURNING. */
export function planReturning(planner: Planner, projection: Projection | undefined, scope: Scope): Returning {
  if (projection === undefined) return { signature: null, result: undefined };
  const planned = planProjection(
    projection,
    (expression) => planner.formalise(expression, scope, CLAUSES.returning),
    false,
    planner,
  );
  const compile = (expression: Parameters<Planner['compile']>[0]): Evaluate => planner.compile(expression, scope);
  return { signature: planned.signature, result: compileProjection(planned, projection.exclude, scope, compile) };
}
