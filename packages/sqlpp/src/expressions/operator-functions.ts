import type { ResultType } from '../functions/function-spec.js';
import { arithmetic, negation } from './arithmetic.js';
import { between, comparison } from './comparison.js';
import { arrayOf } from './constructors.js';
import { like } from './like.js';
import { conjunction, disjunction, not } from './logic.js';
import { isIn, isWithin } from './membership.js';
import { computedFieldOf, elementOf, sliceOf, starOf } from './paths.js';
import type { Evaluate } from './run.js';
import { exists } from './tests.js';

/** An operator that can be called by a name. */
export interface OperatorFunction {
  readonly minArguments: number;
  readonly maxArguments: number;
  readonly returns: ResultType;
  compile(operands: readonly Evaluate[]): Evaluate;
}

const MANY = 32767;

type Two = (left: Evaluate, right: Evaluate) => Evaluate;

/** Operators that have names as functions too. */
export const OPERATOR_FUNCTIONS: ReadonlyMap<string, OperatorFunction> = new Map<string, OperatorFunction>([
  ['add', chain('+')],
  ['mult', chain('*')],
  ['sub', two('number', (a, b) => arithmetic('-', a, b))],
  ['div', two('number', (a, b) => arithmetic('/', a, b))],
  ['mod', two('number', (a, b) => arithmetic('%', a, b))],
  ['neg', one('number', negation)],
  ['not', one('boolean', not)],
  ['exists', one('boolean', exists)],
  ['eq', two('boolean', (a, b) => comparison('=', a, b))],
  ['lt', two('boolean', (a, b) => comparison('<', a, b))],
  ['le', two('boolean', (a, b) => comparison('<=', a, b))],
  ['in', two('boolean', isIn)],
  ['within', two('boolean', isWithin)],
  ['and', many('boolean', conjunction)],
  ['or', many('boolean', disjunction)],
  ['array', { minArguments: 0, maxArguments: MANY, returns: 'array', compile: arrayOf }],
  ['array_star', one('object', eachElement)],
  ['field', two('json', (object, name) => (row, run) => computedFieldOf(object(row, run), name(row, run), false))],
  ['element', two('json', (array, index) => (row, run) => elementOf(array(row, run), index(row, run)))],
  ['slice', { minArguments: 2, maxArguments: 3, returns: 'array', compile: slice }],
  [
    'like',
    {
      minArguments: 2,
      maxArguments: 3,
      returns: 'boolean',
      compile: ([a, b, c]) => like(a ?? NOTHING, b ?? NOTHING, c),
    },
  ],
  [
    'between',
    {
      minArguments: 3,
      maxArguments: 3,
      returns: 'boolean',
      compile: ([value = NOTHING, low = NOTHING, high = NOTHING]) => between(value, low, high),
    },
  ],
]);

const NOTHING: Evaluate = () => undefined;

function one(returns: ResultType, compile: (operand: Evaluate) => Evaluate): OperatorFunction {
  return { minArguments: 1, maxArguments: 1, returns, compile: ([operand = NOTHING]) => compile(operand) };
}

function two(returns: ResultType, compile: Two): OperatorFunction {
  return { minArguments: 2, maxArguments: 2, returns, compile: ([a = NOTHING, b = NOTHING]) => compile(a, b) };
}

function many(returns: ResultType, compile: (operands: readonly Evaluate[]) => Evaluate): OperatorFunction {
  return { minArguments: 2, maxArguments: MANY, returns, compile };
}

function chain(operator: string): OperatorFunction {
  return many('number', (operands) => operands.reduce((left, right) => arithmetic(operator, left, right)));
}

function eachElement(array: Evaluate): Evaluate {
  return (row, run) => {
    const value = array(row, run);
    if (value === undefined) return undefined;
    return Array.isArray(value) ? starOf(value) : null;
  };
}

function slice([array = NOTHING, start, end]: readonly Evaluate[]): Evaluate {
  return (row, run) =>
    sliceOf(array(row, run), start !== undefined, start?.(row, run), end !== undefined, end?.(row, run));
}
