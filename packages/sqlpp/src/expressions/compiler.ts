import type { Binding, Case, Comprehension, Expression, Literal, Quantified } from '../syntax/expression.js';
import type { Value } from '../values/value.js';
import { arithmetic, negation } from './arithmetic.js';
import { compileCall } from './calls.js';
import { caseOf } from './case.js';
import { arrayFor, type BindingCode, firstFor, objectFor, quantified } from './collections.js';
import { between, comparison, distinctness, equalTo } from './comparison.js';
import type { CompilerHost } from './compiler-host.js';
import { constantOf } from './constant.js';
import { arrayOf, objectOf } from './constructors.js';
import { like } from './like.js';
import { conjunction, disjunction, not } from './logic.js';
import { isIn, isInConstant, isWithin } from './membership.js';
import { compilePath } from './path-compiler.js';
import type { Evaluate } from './run.js';
import { exists, isTest } from './tests.js';

/** Compiles expressions whose names have been resolved. */
export function compile(expression: Expression, host: CompilerHost): Evaluate {
  const of = (child: Expression): Evaluate => compile(child, host);
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    case 'name':
      throw new TypeError(`The name ${expression.name} has not been resolved.`);
    case 'variable': {
      const { slot } = expression;
      return (row) => row[slot] as Value;
    }
    case 'parameter':
      return host.parameter(expression);
    case 'self':
      return host.self();
    case 'unary':
      return compileUnary(expression, host, of);
    case 'binary':
      return compileBinary(expression, of);
    case 'like': {
      const test = like(of(expression.value), of(expression.pattern), expression.escape && of(expression.escape));
      return expression.negated ? not(test) : test;
    }
    case 'between': {
      const test = between(of(expression.value), of(expression.low), of(expression.high));
      return expression.negated ? not(test) : test;
    }
    case 'is':
      return isTest(expression.test, expression.negated, of(expression.operand));
    case 'array':
      return arrayOf(expression.elements.map(of));
    case 'object':
      return objectOf(expression.members.map(({ name, value }) => ({ name: of(name), value: of(value) })));
    case 'case':
      return compileCase(expression, of);
    case 'quantified':
      return compileQuantified(expression, of);
    case 'comprehension':
      return compileComprehension(expression, of);
    case 'call':
      return compileCall(expression, host, of);
    case 'subquery':
      return host.subquery(expression);
    case 'sequence value':
      return host.sequenceValue(expression);
    default:
      return compilePath(expression, host, of);
  }
}

type Of = (expression: Expression) => Evaluate;

function compileUnary(expression: Extract<Expression, { kind: 'unary' }>, host: CompilerHost, of: Of): Evaluate {
  const { operator, operand } = expression;
  if (operator === '-') return negation(of(operand));
  if (operator === 'not') return not(of(operand));
  return operand.kind === 'subquery' ? host.subqueryExists(operand) : exists(of(operand));
}

function compileBinary(expression: Extract<Expression, { kind: 'binary' }>, of: Of): Evaluate {
  const { operator, left, right } = expression;
  switch (operator) {
    case 'and':
    case 'or': {
      const operands = operandsOf(expression, operator).map(of);
      return operator === 'and' ? conjunction(operands) : disjunction(operands);
    }
    case 'in':
    case 'not in': {
      const list = constantOf(right);
      const test = list === undefined ? isIn(of(left), of(right)) : isInConstant(of(left), list.value);
      return operator === 'in' ? test : not(test);
    }
    case 'within':
      return isWithin(of(left), of(right));
    case 'not within':
      return not(isWithin(of(left), of(right)));
    case 'is distinct from':
      return distinctness(of(left), of(right), true);
    case 'is not distinct from':
      return distinctness(of(left), of(right), false);
    case '||':
      return concatenation(of(left), of(right));
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return arithmetic(operator, of(left), of(right));
    case '=':
      return compileEquality(left, right, of);
    default:
      return comparison(operator, of(left), of(right));
  }
}

function compileEquality(left: Expression, right: Expression, of: Of): Evaluate {
  if (isPlain(right)) return equalTo(of(left), right.value);
  return isPlain(left) ? equalTo(of(right), left.value) : comparison('=', of(left), of(right));
}

/** Tells whether an expression is a string or a number as written. */
function isPlain(expression: Expression): expression is Literal & { readonly value: string | number } {
  return (
    expression.kind === 'literal' && (typeof expression.value === 'string' || typeof expression.value === 'number')
  );
}

/** Returns the operands of a chain of AND or OR. */
export function operandsOf(expression: Expression, operator: 'and' | 'or'): Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== operator) return [expression];
  return [...operandsOf(expression.left, operator), ...operandsOf(expression.right, operator)];
}

function concatenation(left: Evaluate, right: Evaluate): Evaluate {
  return (row, run) => {
    const a = left(row, run);
    const b = right(row, run);
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    return a === undefined || b === undefined ? undefined : null;
  };
}

function compileCase({ operand, branches, otherwise }: Case, of: Of): Evaluate {
  const codes = branches.map(({ when, result }) => ({ when: of(when), result: of(result) }));
  return caseOf(operand && of(operand), codes, otherwise && of(otherwise));
}

function compileBindings(bindings: readonly Binding[], of: Of): BindingCode[] {
  return bindings.map(({ slot = 0, positionSlot, descend, source }) => ({
    slot,
    positionSlot,
    descend,
    source: of(source),
  }));
}

function compileQuantified({ quantifier, bindings, condition }: Quantified, of: Of): Evaluate {
  return quantified(quantifier, compileBindings(bindings, of), of(condition));
}

function compileComprehension(expression: Comprehension, of: Of): Evaluate {
  const { form, name, value, when } = expression;
  const bindings = compileBindings(expression.bindings, of);
  const code = { name: name && of(name), value: of(value), bindings, when: when && of(when) };
  if (form === 'first') return firstFor(code);
  if (form === 'object') return objectFor(code);
  const [only] = bindings;
  const isWhole =
    bindings.length === 1 &&
    when === undefined &&
    only?.positionSlot === undefined &&
    only?.descend === false &&
    value.kind === 'variable' &&
    value.slot === only.slot;
  return arrayFor(code, isWhole);
}
