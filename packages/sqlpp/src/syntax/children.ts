import type { Binding, Call, Case, Expression, FrameEdge, WindowDefinition } from './expression.js';
import type { OrderTerm } from './select.js';

type Map = (expression: Expression) => Expression;

/** Returns the expression with each expression right below it replaced. Selects of subqueries stay as they are. */
export function mapChildren(expression: Expression, map: Map): Expression {
  switch (expression.kind) {
    case 'unary':
    case 'is':
      return { ...expression, operand: map(expression.operand) };
    case 'binary':
      return { ...expression, left: map(expression.left), right: map(expression.right) };
    case 'like':
      return {
        ...expression,
        value: map(expression.value),
        pattern: map(expression.pattern),
        escape: optional(expression.escape, map),
      };
    case 'between':
      return { ...expression, value: map(expression.value), low: map(expression.low), high: map(expression.high) };
    case 'field':
      return { ...expression, object: map(expression.object) };
    case 'computed field':
      return { ...expression, object: map(expression.object), name: map(expression.name) };
    case 'element':
      return { ...expression, array: map(expression.array), index: map(expression.index) };
    case 'slice':
      return {
        ...expression,
        array: map(expression.array),
        start: optional(expression.start, map),
        end: optional(expression.end, map),
      };
    case 'each':
      return { ...expression, array: map(expression.array) };
    case 'array':
      return { ...expression, elements: expression.elements.map(map) };
    case 'object':
      return {
        ...expression,
        members: expression.members.map(({ name, value }) => ({ name: map(name), value: map(value) })),
      };
    case 'case':
      return mapCase(expression, map);
    case 'quantified':
      return {
        ...expression,
        bindings: mapBindings(expression.bindings, map),
        condition: map(expression.condition),
      };
    case 'comprehension':
      return {
        ...expression,
        bindings: mapBindings(expression.bindings, map),
        name: optional(expression.name, map),
        value: map(expression.value),
        when: optional(expression.when, map),
      };
    case 'call':
      return mapCall(expression, map);
    default:
      return expression;
  }
}

/** Tells whether something is true of the expression or of one below it. */
export function someWithin(expression: Expression, is: (expression: Expression) => boolean): boolean {
  if (is(expression)) return true;
  let found = false;
  mapChildren(expression, (child) => {
    found ||= someWithin(child, is);
    return child;
  });
  return found;
}

function optional(expression: Expression | undefined, map: Map): Expression | undefined {
  return expression === undefined ? undefined : map(expression);
}

function mapBindings(bindings: readonly Binding[], map: Map): Binding[] {
  return bindings.map((binding) => ({ ...binding, source: map(binding.source) }));
}

function mapCase(expression: Case, map: Map): Case {
  return {
    ...expression,
    operand: optional(expression.operand, map),
    branches: expression.branches.map(({ when, result }) => ({ when: map(when), result: map(result) })),
    otherwise: optional(expression.otherwise, map),
  };
}

function mapCall(call: Call, map: Map): Call {
  const over = typeof call.over === 'object' ? mapWindow(call.over, map) : call.over;
  return { ...call, operands: call.operands.map(map), filter: optional(call.filter, map), over };
}

/** Returns a window with each of its expressions replaced. */
export function mapWindow(window: WindowDefinition, map: Map): WindowDefinition {
  const { frame } = window;
  return {
    ...window,
    partitionBy: window.partitionBy.map(map),
    orderBy: window.orderBy.map((term) => mapOrderTerm(term, map)),
    frame: frame && { ...frame, start: mapEdge(frame.start, map), end: mapEdge(frame.end, map) },
  };
}

export function mapOrderTerm({ value, direction, nulls }: OrderTerm, map: Map): OrderTerm {
  return {
    value: map(value),
    direction: typeof direction === 'object' ? map(direction) : direction,
    nulls: typeof nulls === 'object' ? map(nulls) : nulls,
  };
}

function mapEdge(edge: FrameEdge, map: Map): FrameEdge {
  return 'offset' in edge ? { kind: edge.kind, offset: map(edge.offset) } : edge;
}
