import type { Expression, Parameter, Subquery } from '../syntax/expression.js';
import type { Evaluate } from './run.js';

/** What an expression needs that only the statement knows. */
export interface CompilerHost {
  /** Compiles a planned subquery to the array of its rows. */
  subquery(expression: Subquery): Evaluate;
  /** Compiles a planned subquery to whether it has rows. */
  subqueryExists(expression: Subquery): Evaluate;
  /** Compiles SELF: the row as an object of the names in it. */
  self(): Evaluate;
  /** The fault of a parameter that has no value. */
  parameter(parameter: Parameter): Evaluate;
  /** Compiles the call of a function that is not built in. */
  call(expression: Extract<Expression, { kind: 'call' }>, operands: readonly Evaluate[]): Evaluate;
  sequenceValue(expression: Extract<Expression, { kind: 'sequence value' }>): Evaluate;
  /** Path of the keyspace whose documents a slot holds. */
  keyspaceOf(slot: number): string | undefined;
}
