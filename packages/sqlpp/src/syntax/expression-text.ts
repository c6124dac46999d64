import { compareStrings } from '../values/collation.js';
import { jsonText } from '../values/json-text.js';
import type {
  Binding,
  Call,
  Case,
  Comprehension,
  Expression,
  ObjectConstructor,
  Quantified,
  WindowDefinition,
} from './expression.js';

/** Operators as plans and errors print them. */
const WORDS: Readonly<Record<string, string>> = {
  '!=': '!=',
  'is distinct from': 'is distinct from',
};

/**
 * Returns the canonical text of an expression, as plans and errors show it: in parentheses wherever operators stand, names in
 * backticks. Two expressions with one text mean the same.
 */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return expression.value === undefined ? 'missing' : literalText(expression.value);
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

/** Returns a name in backticks. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function literalText(value: Parameters<typeof jsonText>[0]): string {
  return jsonText(value);
}

function binaryText(operator: string, left: string, right: string): string {
  const word = WORDS[operator] ?? operator;
  if (operator.startsWith('not ')) return `(not (${left} ${operator.slice(4)} ${right}))`;
  return `(${left} ${word} ${right})`;
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
      return `(${expressionText(expression.array)}[${expressionText(expression.index)}])`;
    case 'slice': {
      const { array, start, end } = expression;
      return `(${expressionText(array)}[${optionalText(start)} : ${optionalText(end)}])`;
    }
    case 'each':
      return `(${expressionText(expression.array)}[${expression.flatten ? '' : '*'}])`;
    case 'array':
      return `[${expression.elements.map(expressionText).join(', ')}]`;
    case 'object':
      return objectText(expression);
    case 'case':
      return caseText(expression);
    case 'quantified':
      return quantifiedText(expression);
    case 'comprehension':
      return comprehensionText(expression);
    case 'call':
      return callText(expression);
    case 'subquery':
      return expression.plan?.text ?? '(select)';
    case 'sequence value':
      return `${expression.which === 'next' ? 'nextval' : 'prevval'} for ${expression.path.map(quotedName).join('.')}`;
    default:
      return expressionText(expression);
  }
}

function optionalText(expression: Expression | undefined): string {
  return expression === undefined ? '' : expressionText(expression);
}

function caseText({ operand, branches, otherwise }: Case): string {
  const head = operand === undefined ? 'case' : `case ${expressionText(operand)}`;
  const middle = branches
    .map(({ when, result }) => ` when ${expressionText(when)} then ${expressionText(result)}`)
    .join('');
  return `${head}${middle}${otherwise === undefined ? '' : ` else ${expressionText(otherwise)}`} end`;
}

function quantifiedText({ quantifier, bindings, condition }: Quantified): string {
  return `${quantifier} ${bindingsText(bindings)} satisfies ${expressionText(condition)} end`;
}

function comprehensionText({ form, name, value, bindings, when }: Comprehension): string {
  const what = name === undefined ? expressionText(value) : `${expressionText(name)} : ${expressionText(value)}`;
  const condition = when === undefined ? '' : ` when ${expressionText(when)}`;
  return `${form} ${what} for ${bindingsText(bindings)}${condition} end`;
}

function bindingsText(bindings: readonly Binding[]): string {
  return bindings
    .map(({ position, variable, descend, source }) => {
      const head = position === undefined ? quotedName(variable) : `${quotedName(position)} : ${quotedName(variable)}`;
      return `${head} ${descend ? 'within' : 'in'} ${expressionText(source)}`;
    })
    .join(', ');
}

function callText(call: Call): string {
  const quantifier = call.quantifier === 'distinct' ? 'DISTINCT ' : '';
  const operands = call.star ? '*' : call.operands.map(expressionText).join(', ');
  const name = call.path.length === 1 ? (call.path[0] as string).toLowerCase() : call.path.map(quotedName).join('.');
  const filter = call.filter === undefined ? '' : ` FILTER (WHERE ${expressionText(call.filter)})`;
  const from = call.from === undefined ? '' : ` FROM ${call.from.toUpperCase()}`;
  const nulls = call.nulls === undefined ? '' : ` ${call.nulls.toUpperCase()} NULLS`;
  const over =
    call.over === undefined
      ? ''
      : ` OVER ${typeof call.over === 'string' ? quotedName(call.over) : windowText(call.over)}`;
  return `${name}(${quantifier}${operands})${filter}${from}${nulls}${over}`;
}

function windowText({ base, partitionBy, orderBy, frame }: WindowDefinition): string {
  const parts: string[] = [];
  if (base !== undefined) parts.push(quotedName(base));
  if (partitionBy.length > 0) parts.push(`PARTITION BY ${partitionBy.map(expressionText).join(', ')}`);
  if (orderBy.length > 0) {
    const terms = orderBy.map(({ value, direction, nulls }) =>
      [expressionText(value), ...choiceText('', direction), ...choiceText('NULLS ', nulls)].join(' '),
    );
    parts.push(`ORDER BY ${terms.join(', ')}`);
  }
  if (frame !== undefined) {
    const exclude = frame.exclude === 'no others' ? '' : ` EXCLUDE ${frame.exclude.toUpperCase()}`;
    parts.push(`${frame.unit.toUpperCase()} BETWEEN ${edgeText(frame.start)} AND ${edgeText(frame.end)}${exclude}`);
  }
  return `(${parts.join(' ')})`;
}

function choiceText(head: string, choice: string | Expression | undefined): string[] {
  if (choice === undefined) return [];
  return [head + (typeof choice === 'string' ? choice.toUpperCase() : expressionText(choice))];
}

function edgeText(edge: NonNullable<WindowDefinition['frame']>['start']): string {
  return 'offset' in edge ? `${expressionText(edge.offset)} ${edge.kind.toUpperCase()}` : edge.kind.toUpperCase();
}

/** Members stand in the order of their names. */
function objectText({ members }: ObjectConstructor): string {
  const texts = members.map(({ name, value }) => [expressionText(name), expressionText(value)] as const);
  return `{${texts
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')}}`;
}
