import { findAggregate } from '../aggregates/families.js';
import type { Placed } from '../errors/placed.js';
import { findFunction } from '../expressions/calls.js';
import { OPERATOR_FUNCTIONS } from '../expressions/operator-functions.js';
import type { Call } from '../syntax/expression.js';
import { expressionText } from '../syntax/expression-text.js';
import { StatementError } from '../text/syntax-error.js';
import { findWindowFunction } from '../windows/families.js';

const CODE_PARSE = 3000;
const CODE_FLATTEN_KEYS = 3283;
const CODE_VECTOR = 10511;

interface Arity {
  readonly minArguments: number;
  readonly maxArguments: number;
}

/**
 * Checks the name and the number of operands of a call.
 *
 * @returns whether the function is built in
 * @throws StatementError if it cannot be called so
 */
export function checkCall(call: Call, places: Placed): boolean {
  const name = call.path.length === 1 && call.namespace === undefined ? (call.path[0] as string).toLowerCase() : '';
  const aggregate = findAggregate(name);
  const window = call.over === undefined ? undefined : findWindowFunction(name);
  if (aggregate !== undefined || window !== undefined) {
    checkAggregate(call, window ?? { minArguments: 1, maxArguments: 1 }, places);
    return true;
  }
  const scalar = OPERATOR_FUNCTIONS.get(name) ?? findFunction(name);
  if (scalar === undefined) return false;
  checkScalar(call, name, scalar, places);
  return true;
}

function checkAggregate(call: Call, arity: Arity, places: Placed): void {
  if (call.star && call.path[0]?.toLowerCase() === 'count' && call.quantifier === undefined) return;
  checkArity(call, arity, places);
}

function checkScalar(call: Call, name: string, arity: Arity, places: Placed): void {
  if (call.quantifier === 'distinct' || call.filter !== undefined) {
    throw places.placed(CODE_PARSE, `Invalid aggregate function ${call.path[0]}`, call.at, '.');
  }
  if (call.over !== undefined) throw places.placed(CODE_PARSE, `Invalid function ${call.path[0]}`, call.at);
  checkArity(call, arity, places);
  if (name === 'flatten_keys') {
    throw new StatementError(CODE_FLATTEN_KEYS, `${expressionText(call)} is not allowed in this context.`);
  }
  if (name === 'vector_distance') {
    const shown = call.operands[0] === undefined ? '' : expressionText(call.operands[0]);
    throw new StatementError(
      CODE_VECTOR,
      `Vector distance function (vector_distance) has invalid field specification ('${shown}')`,
    );
  }
}

/** The fault is placed at the first operand, and nowhere without one. */
function checkArity(call: Call, arity: Arity, places: Placed): void {
  const fault = arityFault(call, arity);
  if (fault === undefined) return;
  const [first] = call.operands;
  throw first === undefined
    ? new StatementError(CODE_PARSE, `${fault}.`)
    : places.placed(CODE_PARSE, fault, first.at, '.');
}

function arityFault(call: Call, { minArguments, maxArguments }: Arity): string | undefined {
  const count = call.operands.length;
  if (count >= minArguments && count <= maxArguments && !call.star) return undefined;
  const head = `Number of arguments to function ${call.path[0]} must be `;
  if (minArguments === maxArguments) return `${head}${minArguments}`;
  return `${head}between ${minArguments} and ${maxArguments}`;
}
