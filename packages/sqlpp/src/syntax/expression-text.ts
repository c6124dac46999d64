import { compareStrings } from '../values/collation.js';
import { jsonText } from '../values/json-text.js';
import type { Call, Expression, ObjectConstructor } from './expression.js';
import {
  bracketText,
  callTail,
  caseText,
  comprehensionText,
  keyOrderText,
  quantifiedText,
  quotedName,
} from './expression-parts.js';
import { selectText } from './source-text.js';

/**
 * Returns the canonical text of an expression, as plans and errors show it: in parentheses wherever operators stand, names in
 * backticks. Two expressions with one text mean the same.
 */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return expression.value === undefined ? 'missing' : jsonText(expression.value);
    case 'name':
    case 'variable':
      return quotedName(expression.name);
    case 'parameter':
      return `$${expression.name}`;
    case 'self':
      return 'self';
    case 'unary':
      return `(${expression.operator === '-' ? '-' : `${expression.operator} `}${expressionText(expression.operand)})`;
    case 'binary':
      return binaryText(expression.operator, expressionText(expression.left), expressionText(expression.right));
    case 'like':
      return likeText(expression);
    case 'between': {
      const text = `(${expressionText(expression.value)} between ${expressionText(expression.low)} and ${expressionText(expression.high)})`;
      return expression.negated ? `(not ${text})` : text;
    }
    case 'is':
      return `(${expressionText(expression.operand)} is ${expression.negated ? 'not ' : ''}${expression.test})`;
    default:
      return pathText(expression);
  }
}

function binaryText(operator: string, left: string, right: string): string {
  if (operator.startsWith('not ')) return `(not (${left} ${operator.slice(4)} ${right}))`;
  return `(${left} ${operator} ${right})`;
}

function likeText({ value, pattern, escape: escapeSign, negated }: Extract<Expression, { kind: 'like' }>): string {
  const tail = escapeSign === undefined ? '' : ` escape ${expressionText(escapeSign)}`;
  const text = `(${expressionText(value)} like ${expressionText(pattern)}${tail})`;
  return negated ? `(not ${text})` : text;
}

function pathText(expression: Expression): string {
  switch (expression.kind) {
    case 'field':
      return `(${expressionText(expression.object)}.${quotedName(expression.name)}${expression.caseInsensitive === true ? 'i' : ''})`;
    case 'computed field':
      return `(${expressionText(expression.object)}.[${expressionText(expression.name)}]${expression.caseInsensitive ? 'i' : ''})`;
    case 'element':
    case 'slice':
    case 'each':
      return `(${expressionText(expression.array)}${bracketText(expression, expressionText)})`;
    case 'array':
      return `[${expression.elements.map(expressionText).join(', ')}]`;
    case 'object':
      return objectText(expression);
    case 'case':
      return caseText(expression, expressionText);
    case 'quantified':
      return quantifiedText(expression, expressionText);
    case 'comprehension':
      return comprehensionText(expression, expressionText);
    case 'call':
      return callText(expression);
    case 'subquery':
      return expression.plan?.text ?? `(${selectText(expression.select)})`;
    case 'sequence value':
      return `${expression.which === 'next' ? 'nextval' : 'prevval'} for ${expression.path.map(quotedName).join('.')}`;
    default:
      return expressionText(expression);
  }
}

function callText(call: Call): string {
  const quantifier = call.quantifier === 'distinct' ? 'DISTINCT ' : '';
  const operands = call.star
    ? '*'
    : call.operands.map((operand, at) => expressionText(operand) + keyOrderText(call.keyOrders?.[at])).join(', ');
  const name = call.path.length === 1 ? (call.path[0] as string).toLowerCase() : call.path.map(quotedName).join('.');
  return `${name}(${quantifier}${operands})${callTail(call, expressionText)}`;
}

/** Members stand in the order of their names. */
function objectText({ members }: ObjectConstructor): string {
  const texts = members.map(({ name, value }) => [expressionText(name), expressionText(value)] as const);
  return `{${texts
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')}}`;
}
