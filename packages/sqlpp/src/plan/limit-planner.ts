import { clauseFault } from '../errors/clause-fault.js';
import { constantOf } from '../expressions/constant.js';
import type { Evaluate } from '../expressions/run.js';
import type { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import { StatementError } from '../text/syntax-error.js';
import { jsonText } from '../values/json-text.js';
import { isInteger } from '../values/numbers.js';
import { typeName, type Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import type { Planner } from './planning.js';

const CODE_LIMIT = 5030;

const TYPES: Readonly<Record<string, string>> = {
  missing: '<nil>',
  null: '<nil>',
  boolean: 'bool',
  number: 'float64',
  string: 'string',
  array: '[]interface {}',
  object: 'map[string]interface {}',
  binary: '[]uint8',
};

/** Compiles LIMIT or OFFSET: a number that no row decides. */
export function planLimit(
  planner: Planner,
  expression: Expression | undefined,
  scope: Scope,
  what: 'LIMIT' | 'OFFSET',
): Evaluate | undefined {
  if (expression === undefined) return undefined;
  const formal = planner.formalise(expression, scope, CLAUSES.limit);
  const constant = constantOf(formal);
  if (constant !== undefined && constant.value !== null && !isInteger(constant.value)) {
    throw new StatementError(CODE_LIMIT, `Invalid ${what} value ${shown(constant.value)}`);
  }
  return limitCode(planner.compile(formal, scope), what);
}

/** Compiles LIMIT or OFFSET of a mutation, whose value is looked at when it runs. */
export function planMutationLimit(
  planner: Planner,
  expression: Expression | undefined,
  scope: Scope,
  what: 'LIMIT' | 'OFFSET',
): Evaluate | undefined {
  return expression && limitCode(planner.evaluate(expression, scope, CLAUSES.limit), what);
}

function limitCode(code: Evaluate, what: 'LIMIT' | 'OFFSET'): Evaluate {
  return (row, run) => {
    let value: Value;
    try {
      value = code(row, run);
    } catch (error) {
      throw clauseFault(`${what} clause`, error);
    }
    if (isInteger(value)) return value;
    throw new StatementError(CODE_LIMIT, `Invalid ${what} ${shown(value)} of type ${goTypeOf(value)}.`);
  };
}

function shown(value: Value): string {
  if (value === undefined || value === null) return '<nil>';
  return typeof value === 'string' ? value : jsonText(value);
}

/** Names the type of a value as messages of the engine do. */
export function goTypeOf(value: Value): string {
  return TYPES[typeName(value)] as string;
}
