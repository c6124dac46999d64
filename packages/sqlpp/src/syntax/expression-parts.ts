import type {
  Binding,
  Call,
  Case,
  Comprehension,
  Each,
  Element,
  Expression,
  FrameEdge,
  KeyOrder,
  Quantified,
  Slice,
  WindowDefinition,
  WindowFrame,
} from './expression.js';
import type { OrderTerm } from './select.js';

/** Prints an expression that stands in another one. */
export type Text = (expression: Expression) => string;

/** Returns a name in backticks. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '``')}\``;
}

/** Prints what stands in brackets behind a value. */
export function bracketText(expression: Element | Slice | Each, text: Text): string {
  switch (expression.kind) {
    case 'element':
      return `[${text(expression.index)}]`;
    case 'slice':
      return `[${optionalText(expression.start, text)} : ${optionalText(expression.end, text)}]`;
    case 'each':
      return expression.flatten ? '[]' : '[*]';
  }
}

function optionalText(expression: Expression | undefined, text: Text): string {
  return expression === undefined ? '' : text(expression);
}

export function caseText({ operand, branches, otherwise }: Case, text: Text): string {
  const head = operand === undefined ? 'case' : `case ${text(operand)}`;
  const middle = branches.map(({ when, result }) => ` when ${text(when)} then ${text(result)}`).join('');
  return `${head}${middle}${otherwise === undefined ? '' : ` else ${text(otherwise)}`} end`;
}

export function quantifiedText({ quantifier, bindings, condition }: Quantified, text: Text): string {
  return `${quantifier} ${bindingsText(bindings, text)} satisfies ${text(condition)} end`;
}

export function comprehensionText({ form, name, value, bindings, when }: Comprehension, text: Text): string {
  const what = name === undefined ? text(value) : `${text(name)} : ${text(value)}`;
  const condition = when === undefined ? '' : ` when ${text(when)}`;
  return `${form} ${what} for ${bindingsText(bindings, text)}${condition} end`;
}

/** Prints the bindings of a comprehension, of a quantifier or of FOR. */
export function bindingsText(bindings: readonly Binding[], text: Text): string {
  return bindings
    .map(({ position, variable, descend, source }) => {
      const head = position === undefined ? quotedName(variable) : `${quotedName(position)} : ${quotedName(variable)}`;
      return `${head} ${descend ? 'within' : 'in'} ${text(source)}`;
    })
    .join(', ');
}

/** Prints what stands behind the parentheses of a call. */
export function callTail({ filter, from, nulls, over }: Call, text: Text): string {
  const window = typeof over === 'object' ? windowText(over, text) : over === undefined ? '' : quotedName(over);
  return [
    filter && ` FILTER (WHERE ${text(filter)})`,
    from && ` FROM ${from.toUpperCase()}`,
    nulls && ` ${nulls.toUpperCase()} NULLS`,
    window && ` OVER ${window}`,
  ].join('');
}

/** Prints what stands behind a key of an index. */
export function keyOrderText(order: KeyOrder | undefined): string {
  return (order?.descending === true ? ' DESC' : '') + (order?.includeMissing === true ? ' INCLUDE MISSING' : '');
}

/** Prints a window in parentheses. */
export function windowText({ base, partitionBy, orderBy, frame }: WindowDefinition, text: Text): string {
  const parts: string[] = [];
  if (base !== undefined) parts.push(quotedName(base));
  if (partitionBy.length > 0) parts.push(`PARTITION BY ${partitionBy.map(text).join(', ')}`);
  if (orderBy.length > 0) parts.push(orderText(orderBy, text));
  if (frame !== undefined) parts.push(frameText(frame, text));
  return `(${parts.join(' ')})`;
}

/** Prints ORDER BY with its terms. */
export function orderText(terms: readonly OrderTerm[], text: Text): string {
  const choice = (head: string, chosen: string | Expression | undefined): string[] =>
    chosen === undefined ? [] : [head + (typeof chosen === 'string' ? chosen.toUpperCase() : text(chosen))];
  const texts = terms.map(({ value, direction, nulls }) =>
    [text(value), ...choice('', direction), ...choice('NULLS ', nulls)].join(' '),
  );
  return `ORDER BY ${texts.join(', ')}`;
}

function frameText({ unit, start, end, exclude }: WindowFrame, text: Text): string {
  const tail = exclude === 'no others' ? '' : ` EXCLUDE ${exclude.toUpperCase()}`;
  return `${unit.toUpperCase()} BETWEEN ${edgeText(start, text)} AND ${edgeText(end, text)}${tail}`;
}

function edgeText(edge: FrameEdge, text: Text): string {
  return 'offset' in edge ? `${text(edge.offset)} ${edge.kind.toUpperCase()}` : edge.kind.toUpperCase();
}
