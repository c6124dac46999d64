import type { Placed } from '../errors/placed.js';
import type { Evaluate } from '../expressions/run.js';
import type { Catalog, KeyspaceName } from '../keyspaces/catalog.js';
import type { Keyspace } from '../keyspaces/keyspace.js';
import type { Clause, FormaliserHost } from '../names/formaliser.js';
import type { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import type { KeyspacePath, Select } from '../syntax/select.js';
import type { StatementError } from '../text/syntax-error.js';
import type { FunctionCalls } from './function-calls.js';
import type { SelectPlan } from './select-plan.js';

/** What finds keyspaces by their names. */
export interface FindsKeyspace {
  keyspace(name: KeyspaceName): Keyspace | undefined;
}

/** What the planners of clauses ask of that of the statement. */
export interface Planner extends FormaliserHost, Placed {
  /** What the statement runs on. */
  readonly catalog: Catalog;
  /** Bucket and scope that names of one part belong to. */
  readonly context: { readonly bucket: string; readonly scope: string } | undefined;
  /** Whether a keyspace without a usable index is a fault. */
  readonly needsIndex: boolean;
  /** The fault of an expression in FROM without a name. */
  aliasMissing(code: number, at: number): StatementError;
  /** Calls of functions that users defined. */
  readonly functions: FunctionCalls;
  /** Returns a planner of the same statement in another scope of requests. */
  within(context: Planner['context']): Planner;
  formalise(expression: Expression, scope: Scope, clause: Clause): Expression;
  compile(expression: Expression, scope: Scope): Evaluate;
  /** Formalises and compiles in one. */
  evaluate(expression: Expression, scope: Scope, clause: Clause): Evaluate;
  /** Text of a select as it was written. */
  textOf(select: Select): string;
  planSubquery(select: Select, scope: Scope): SelectPlan;
  /** Finds the keyspace that a path names, in the catalog or in a part of it. */
  keyspace(path: KeyspacePath, part?: FindsKeyspace): { readonly name: KeyspaceName; readonly keyspace: Keyspace };
  /** Notes whose documents a slot holds. */
  noteKeyspace(slot: number, name: KeyspaceName): void;
}
