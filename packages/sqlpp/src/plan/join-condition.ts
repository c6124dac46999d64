import type { Source } from '../execute/source.js';
import { operandsOf } from '../expressions/compiler.js';
import type { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import { slotsOf } from './names-of.js';

export interface Equality {
  /** Of what stands in front. */
  readonly left: Expression;
  /** Of the term that is joined. */
  readonly right: Expression;
}

/** Parts the condition of a join into equalities by which entries can be found, and the rest. */
export function splitCondition(
  condition: Expression,
  source: Source,
  scope: Scope,
  isLateral: boolean,
): { readonly equalities: readonly Equality[]; readonly rest: Expression | undefined } {
  const equalities: Equality[] = [];
  let rest: Expression | undefined;
  for (const operand of operandsOf(condition, 'and')) {
    const equality = isLateral ? undefined : equalityOf(operand, source, scope);
    if (equality !== undefined) equalities.push(equality);
    else
      rest =
        rest === undefined ? operand : { kind: 'binary', operator: 'and', left: rest, right: operand, at: operand.at };
  }
  return { equalities, rest };
}

function equalityOf(operand: Expression, source: Source, scope: Scope): Equality | undefined {
  if (operand.kind !== 'binary' || operand.operator !== '=') return undefined;
  const { left, right } = operand;
  if (isOf(right, source, scope) && !isOf(left, source, scope, true)) return { left, right };
  if (isOf(left, source, scope) && !isOf(right, source, scope, true)) return { left: right, right: left };
  return undefined;
}

/** Tells whether an expression names the term and no other; `among` others will do. */
function isOf(expression: Expression, source: Source, scope: Scope, among = false): boolean {
  const slots = slotsOf(expression);
  if (!slots.has(source.slot)) return false;
  return among || scope.sources.every(({ slot }) => slot === source.slot || !slots.has(slot));
}
