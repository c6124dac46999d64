import { mapChildren } from '../../syntax/children.js';
import type { Binding, Expression } from '../../syntax/expression.js';
import { normalText } from '../normal-text.js';

/**
 * Returns a text that expressions share if they give the same value of a document, whatever its alias is and its variables
 * are called.
 *
 * @param names what slots are called: that of the document, and those of elements
 */
export function shapeOf(expression: Expression, names: ReadonlyMap<number, string>): string {
  let known = shapes.get(names);
  if (known === undefined) {
    known = new WeakMap();
    shapes.set(names, known);
  }
  let shape = known.get(expression);
  if (shape === undefined) {
    shape = normalText(renamed(expression, new Map(names)));
    known.set(expression, shape);
  }
  return shape;
}

/** Each index that a statement may use asks for the same shapes. */
const shapes = new WeakMap<ReadonlyMap<number, string>, WeakMap<Expression, string>>();

/** The slot of what is renamed: no variable of a statement has it. */
const NOWHERE = -1;

/** What a document is called in shapes. */
export const DOCUMENT = 'self';
/** What an element of an array that is indexed is called in shapes. */
export const ELEMENT = 'element';

function renamed(expression: Expression, names: Map<number, string>): Expression {
  if (expression.kind === 'variable') {
    const name = names.get(expression.slot);
    return name === undefined ? expression : { ...expression, name, slot: NOWHERE, parenthesised: true };
  }
  if (expression.kind !== 'quantified' && expression.kind !== 'comprehension') {
    return mapChildren(expression, (child) => renamed(child, names));
  }
  const bindings = expression.bindings.map((binding) => renamedBinding(binding, names));
  const inner = mapChildren({ ...expression, bindings: [] }, (child) => renamed(child, names));
  return { ...inner, bindings } as Expression;
}

function renamedBinding(binding: Binding, names: Map<number, string>): Binding {
  const source = renamed(binding.source, names);
  const variable = `v${names.size}`;
  if (binding.slot !== undefined) names.set(binding.slot, variable);
  const position = binding.position === undefined ? undefined : `v${names.size}`;
  if (binding.positionSlot !== undefined && position !== undefined) names.set(binding.positionSlot, position);
  return { ...binding, source, variable, position };
}
