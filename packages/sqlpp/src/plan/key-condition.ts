import { operandsOf } from '../expressions/compiler.js';
import type { Expression } from '../syntax/expression.js';
import { slotsOf } from './names-of.js';

/** A condition `META(alias).id = key`, by which the documents of a keyspace can be fetched, and what else has to be true. */
export interface KeyCondition {
  readonly key: Expression;
  readonly rest: Expression | undefined;
}

/** Parts a formal condition, if it says what the key of the documents in a slot is. */
export function keyCondition(condition: Expression, slot: number): KeyCondition | undefined {
  let key: Expression | undefined;
  let rest: Expression | undefined;
  for (const operand of operandsOf(condition, 'and')) {
    const found = key === undefined ? keyOf(operand, slot) : undefined;
    if (found !== undefined) key = found;
    else
      rest =
        rest === undefined ? operand : { kind: 'binary', operator: 'and', left: rest, right: operand, at: operand.at };
  }
  return key && { key, rest };
}

function keyOf(operand: Expression, slot: number): Expression | undefined {
  if (operand.kind !== 'binary' || operand.operator !== '=') return undefined;
  const { left, right } = operand;
  if (isKey(left, slot) && !slotsOf(right).has(slot)) return right;
  return isKey(right, slot) && !slotsOf(left).has(slot) ? left : undefined;
}

/** Tells whether an expression is META(alias).id of the documents in a slot. */
function isKey(expression: Expression, slot: number): boolean {
  if (expression.kind !== 'field' || expression.name !== 'id' || expression.caseInsensitive === true) return false;
  const { object } = expression;
  if (object.kind !== 'call' || object.path.length !== 1 || object.path[0]?.toLowerCase() !== 'meta') return false;
  const [alias] = object.operands;
  return object.over === undefined && alias?.kind === 'variable' && alias.slot === slot && alias.hasMeta;
}
