import { mapChildren } from '../../syntax/children.js';
import type { Expression } from '../../syntax/expression.js';

/** Names that lead from a document to a value in it. */
export type Path = readonly string[];

/**
 * Returns what expressions need of the document in a slot, besides its key; nothing if they need all of it, or what only the
 * store knows.
 */
export function usedPaths(expressions: readonly Expression[], slot: number): readonly Path[] | undefined {
  const paths: Path[] = [];
  return expressions.every((expression) => collect(expression, slot, paths)) ? paths : undefined;
}

function collect(expression: Expression, slot: number, into: Path[]): boolean {
  const path = pathFrom(expression, slot);
  if (path !== undefined) {
    into.push(path);
    return path.length > 0;
  }
  if (isKey(expression, slot)) return true;
  if (expression.kind === 'self') return false;
  if (expression.kind === 'subquery') return expression.plan?.references.has(slot) !== true;
  let isPart = true;
  mapChildren(expression, (child) => {
    isPart &&= collect(child, slot, into);
    return child;
  });
  return isPart;
}

function isKey(expression: Expression, slot: number): boolean {
  if (expression.kind !== 'field' || expression.name !== 'id' || expression.object.kind !== 'call') return false;
  const { path, operands } = expression.object;
  const [operand] = operands;
  const isMeta = path.length === 1 && path[0]?.toLowerCase() === 'meta';
  return isMeta && operand?.kind === 'variable' && operand.slot === slot;
}

/** Returns the names of a path from the document in a slot on; nothing if the expression is not such a path. */
export function pathFrom(expression: Expression, slot: number): Path | undefined {
  if (expression.kind === 'variable') return expression.slot === slot ? [] : undefined;
  if (expression.kind !== 'field' || expression.caseInsensitive === true) return undefined;
  const front = pathFrom(expression.object, slot);
  return front && [...front, expression.name];
}
