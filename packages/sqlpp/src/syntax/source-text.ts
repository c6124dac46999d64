import { RESERVED_WORDS } from '../text/reserved-words.js';
import { jsonText } from '../values/json-text.js';
import type { Value } from '../values/value.js';
import type { Call, Expression, KeyOrder } from './expression.js';
import {
  bracketText,
  callTail,
  caseText,
  comprehensionText,
  orderText,
  quantifiedText,
  quotedName,
  windowText,
} from './expression-parts.js';
import type {
  From,
  FromStep,
  Group,
  JoinCondition,
  KeyspacePath,
  LetBinding,
  Projection,
  ResultTerm,
  Select,
  SelectTerm,
  Source,
  Subselect,
  Use,
  WithTerm,
} from './select.js';

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Joins what is there. */
export function clauses(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

/** Prints a word and an expression behind it, if there is one. */
export function clause(word: string, expression: Expression | undefined): string | undefined {
  return expression && `${word} ${sourceText(expression)}`;
}

/** Returns a text of an expression that is read as the same expression. */
export function sourceText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return literalText(expression.value);
    case 'name':
    case 'variable':
    case 'field':
      return nameText(expression);
    case 'parameter':
      return `$${expression.name}`;
    case 'self':
      return 'SELF';
    case 'unary':
      return `${expression.operator === '-' ? '-' : `${expression.operator} `}${operandText(expression.operand)}`;
    case 'binary':
      return `${operandText(expression.left)} ${expression.operator} ${operandText(expression.right)}`;
    case 'like':
    case 'between':
    case 'is':
      return testText(expression);
    default:
      return primaryText(expression);
  }
}

/** An expression with an operator stands in parentheses where it is an operand. */
function operandText(expression: Expression): string {
  switch (expression.kind) {
    case 'unary':
    case 'binary':
    case 'like':
    case 'between':
    case 'is':
      return `(${sourceText(expression)})`;
    default:
      return sourceText(expression);
  }
}

function literalText(value: Value): string {
  if (value === undefined) return 'MISSING';
  if (typeof value === 'string') return JSON.stringify(value);
  // Beyond the doubles.
  if (value === Infinity) return '1e999';
  return typeof value === 'number' ? String(value) : jsonText(value);
}

/** Parentheses around a name or a field matter: it lends its name to nothing, and is not a path to a keyspace. */
function nameText(expression: Extract<Expression, { kind: 'name' | 'variable' | 'field' }>): string {
  const front = expression.kind === 'field' ? `${operandText(expression.object)}.` : '';
  const mark = expression.kind !== 'variable' && expression.caseInsensitive === true ? 'i' : '';
  const text = `${front}${quotedName(expression.name)}${mark}`;
  return expression.parenthesised === true ? `(${text})` : text;
}

function testText(expression: Extract<Expression, { kind: 'like' | 'between' | 'is' }>): string {
  const not = expression.negated ? 'NOT ' : '';
  switch (expression.kind) {
    case 'is':
      return `${operandText(expression.operand)} IS ${not}${expression.test}`;
    case 'between': {
      const { value, low, high } = expression;
      return `${operandText(value)} ${not}BETWEEN ${operandText(low)} AND ${operandText(high)}`;
    }
    case 'like': {
      const tail = expression.escape === undefined ? '' : ` ESCAPE ${operandText(expression.escape)}`;
      return `${operandText(expression.value)} ${not}LIKE ${operandText(expression.pattern)}${tail}`;
    }
  }
}

function primaryText(expression: Expression): string {
  switch (expression.kind) {
    case 'computed field': {
      const { object, name, caseInsensitive } = expression;
      return `${operandText(object)}.[${sourceText(name)}]${caseInsensitive ? 'i' : ''}`;
    }
    case 'element':
    case 'slice':
    case 'each':
      return `${operandText(expression.array)}${bracketText(expression, sourceText)}`;
    case 'array':
      return `[${expression.elements.map(sourceText).join(', ')}]`;
    case 'object':
      return `{${expression.members.map(({ name, value }) => `${sourceText(name)}: ${sourceText(value)}`).join(', ')}}`;
    case 'case':
      return caseText(expression, sourceText);
    case 'quantified':
      return quantifiedText(expression, sourceText);
    case 'comprehension':
      return comprehensionText(expression, sourceText);
    case 'call':
      return callText(expression);
    case 'subquery':
      return `(${selectText(expression.select)})`;
    case 'sequence value': {
      const { which, namespace, path } = expression;
      // A step or a colon behind it would belong to its path.
      return `(${which === 'next' ? 'NEXTVAL' : 'PREVVAL'} FOR ${pathText({ namespace, parts: path })})`;
    }
    default:
      return sourceText(expression);
  }
}

function callText(call: Call): string {
  const { namespace, path, quantifier, operands, star } = call;
  const isPlain = namespace === undefined && path.length === 1 && isPlainName(path[0] as string);
  const name = isPlain ? path[0] : pathText({ namespace, parts: path });
  const word = quantifier === undefined ? '' : `${quantifier.toUpperCase()} `;
  const texts = operands.map((operand, at) => sourceText(operand) + keyOrderText(call.keyOrders?.[at]));
  const text = `${name}(${word}${star ? '*' : texts.join(', ')})${callTail(call, sourceText)}`;
  // A colon at the start of a term of FROM or of a member would be another one.
  return namespace === undefined ? text : `(${text})`;
}

/** Prints what stands behind a key of an index. */
function keyOrderText(order: KeyOrder | undefined): string {
  if (order === undefined) return '';
  return `${order.includeMissing ? ' INCLUDE MISSING' : ''}${order.descending ? ' DESC' : ''}`;
}

function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name) && !RESERVED_WORDS.has(name.toUpperCase());
}

/** Prints a path to a keyspace or to what a user has defined. */
export function pathText({ namespace, parts }: Pick<KeyspacePath, 'namespace' | 'parts'>): string {
  const names = parts.map(quotedName).join('.');
  if (namespace === undefined) return names;
  return `${namespace === 'system' ? namespace : quotedName(namespace)}:${names}`;
}

/** Returns a text of a select that is read as the same select. */
export function selectText({ recursive, with: terms, body, orderBy, limit, offset }: Select): string {
  return clauses(
    terms.length > 0 ? `WITH ${recursive ? 'RECURSIVE ' : ''}${terms.map(withText).join(', ')}` : undefined,
    termText(body),
    orderBy.length > 0 ? orderText(orderBy, sourceText) : undefined,
    clause('LIMIT', limit),
    clause('OFFSET', offset),
  );
}

function withText({ name, value, cycle, options }: WithTerm): string {
  const text = value.kind === 'select' ? selectText(value) : sourceText(value);
  return clauses(
    `${quotedName(name)} AS (${text})`,
    cycle.length > 0 ? `CYCLE ${cycle.map(sourceText).join(', ')} RESTRICT` : undefined,
    clause('OPTIONS', options),
  );
}

function termText(term: SelectTerm): string {
  if (term.kind === 'select') return `(${selectText(term)})`;
  if (term.kind === 'subselect') return subselectText(term);
  const { operator, all, left, right } = term;
  return `${termText(left)} ${operator.toUpperCase()}${all ? ' ALL' : ''} ${termText(right)}`;
}

function subselectText({ hints, projection, from, lets, where, group, windows }: Subselect): string {
  const named = windows.map(({ name, definition }) => `${quotedName(name)} AS ${windowText(definition, sourceText)}`);
  return clauses(
    'SELECT',
    hints === undefined ? undefined : hintText(hints),
    projectionText(projection),
    from && fromText(from),
    letsText('LET', lets),
    clause('WHERE', where),
    group && groupText(group),
    named.length > 0 ? `WINDOW ${named.join(', ')}` : undefined,
  );
}

/** A hint that ends its line may have the sign in it that ends the other kind. */
function hintText(hints: string): string {
  return hints.includes('*/') ? `--+${hints}\n` : `/*+${hints}*/`;
}

/** Prints what a select or RETURNING gives. */
export function projectionText({ distinct, raw, terms, exclude }: Projection): string {
  return clauses(
    distinct ? 'DISTINCT' : undefined,
    raw === undefined ? terms.map(resultText).join(', ') : `RAW ${sourceText(raw)}`,
    exclude.length > 0 ? `EXCLUDE ${exclude.map(sourceText).join(', ')}` : undefined,
  );
}

function resultText(term: ResultTerm): string {
  if (term.kind === 'star') return '*';
  if (term.kind === 'members') return `${operandText(term.value)}.*`;
  return clauses(sourceText(term.value), aliasText(term.alias));
}

/** Prints AS and a name, if there is one. */
export function aliasText(alias: string | undefined): string | undefined {
  return alias === undefined ? undefined : `AS ${quotedName(alias)}`;
}

function fromText({ first, steps }: From): string {
  return `FROM ${sourceTermText(first)}${steps.map(stepText).join('')}`;
}

/** Prints a term of FROM, or what MERGE uses. */
export function sourceTermText({ expression, keyspace, alias, use }: Source): string {
  return clauses(keyspace ? pathText(keyspace) : sourceText(expression), aliasText(alias), useText(use));
}

function stepText(step: FromStep): string {
  const join = step.join === 'inner' ? '' : `${step.join.toUpperCase()} `;
  if (step.kind === 'unnest') {
    return ` ${clauses(`${join}UNNEST`, sourceText(step.expression), aliasText(step.alias))}`;
  }
  const source = sourceTermText(step.source);
  if (step.kind === 'comma') return `, ${source}`;
  return ` ${join}${step.kind.toUpperCase()} ${source}${conditionText(step.condition)}`;
}

function conditionText(condition: JoinCondition): string {
  switch (condition.kind) {
    case 'on':
      return ` ON ${sourceText(condition.condition)}`;
    case 'on keys':
      return ` ON KEYS ${condition.validate ? 'VALIDATE ' : ''}${sourceText(condition.keys)}`;
    case 'on key for':
      return ` ON KEY ${sourceText(condition.key)} FOR ${quotedName(condition.alias)}`;
    case 'none':
      return '';
  }
}

const HINTS = { 'hash build': 'HASH (BUILD)', 'hash probe': 'HASH (PROBE)', nl: 'NL' } as const;

/** Prints USE with all of its parts. */
export function useText({ keys, indexes, hint }: Use): string {
  const parts = clauses(
    keys && `KEYS ${keys.validate ? 'VALIDATE ' : ''}${sourceText(keys.keys)}`,
    indexes && `INDEX (${indexes.length > 0 ? indexes.map(quotedName).join(', ') : 'USING GSI'})`,
    hint && HINTS[hint],
  );
  return parts === '' ? '' : `USE ${parts}`;
}

function letsText(word: string, lets: readonly LetBinding[]): string | undefined {
  if (lets.length === 0) return undefined;
  return `${word} ${lets.map(({ name, value }) => `${quotedName(name)} = ${sourceText(value)}`).join(', ')}`;
}

function groupText({ keys, groupAs, letting, having }: Group): string {
  const terms = keys.map(({ value, alias }) => clauses(sourceText(value), aliasText(alias)));
  return clauses(
    terms.length > 0 ? `GROUP BY ${terms.join(', ')}` : undefined,
    groupAs === undefined ? undefined : `GROUP AS ${quotedName(groupAs)}`,
    letsText('LETTING', letting),
    clause('HAVING', having),
  );
}
