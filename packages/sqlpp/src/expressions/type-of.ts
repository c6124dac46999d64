import { findAggregate } from '../aggregates/families.js';
import type { OperandType } from '../functions/function-spec.js';
import type { Call, Case, Expression } from '../syntax/expression.js';
import { typeName, type Value } from '../values/value.js';
import { findWindowFunction } from '../windows/families.js';
import { findFunction } from './calls.js';
import { OPERATOR_FUNCTIONS } from './operator-functions.js';

/** Returns the type of an expression as the signature of an answer names it. */
export function typeOf(expression: Expression): OperandType {
  switch (expression.kind) {
    case 'literal':
      return literalType(expression.value);
    case 'unary':
      return expression.operator === '-' ? 'number' : 'boolean';
    case 'binary':
      return binaryType(expression.operator);
    case 'like':
    case 'between':
    case 'is':
    case 'quantified':
      return 'boolean';
    case 'each':
      return expression.flatten ? 'array' : 'object';
    case 'slice':
    case 'array':
    case 'subquery':
      return 'array';
    case 'object':
      return 'object';
    case 'case':
      return caseType(expression);
    case 'sequence value':
      return 'number';
    case 'comprehension':
      return expression.form === 'first' ? 'json' : expression.form;
    case 'call':
      return callType(expression);
    default:
      return 'json';
  }
}

function literalType(value: Value): OperandType {
  const name = typeName(value);
  return name === 'binary' ? 'json' : name;
}

function binaryType(operator: string): OperandType {
  switch (operator) {
    case '||':
      return 'string';
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return 'number';
    default:
      return 'boolean';
  }
}

/** The type that all results have; without one in common, any. */
function caseType({ branches, otherwise }: Case): OperandType {
  const results = branches.map(({ result }) => result);
  const [first, ...others] = new Set((otherwise === undefined ? results : [...results, otherwise]).map(typeOf));
  return first === undefined || others.length > 0 ? 'json' : first;
}

function callType(call: Call): OperandType {
  const name = call.path.length === 1 ? (call.path[0] as string).toLowerCase() : '';
  if (name === 'meta') return 'object';
  if (name === 'unnest_pos' || name === 'unnest_position') return 'number';
  if (call.over !== undefined) return findWindowFunction(name)?.returns ?? findAggregate(name)?.returns ?? 'json';
  const known = findAggregate(name) ?? OPERATOR_FUNCTIONS.get(name);
  if (known !== undefined) return known.returns;
  const returns = findFunction(name)?.returns ?? 'json';
  return typeof returns === 'function' ? returns(call.operands.map(typeOf)) : returns;
}
