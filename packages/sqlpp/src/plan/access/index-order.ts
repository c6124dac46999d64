import type { Expression } from '../../syntax/expression.js';
import { type Candidate, isEquality } from './candidate.js';
import { shapeOf } from './shape.js';

/** A term of ORDER BY whose direction is known. */
export interface OrderKey {
  readonly value: Expression;
  readonly descending: boolean;
}

/**
 * Returns how an index has to be gone through for its documents to come in an order; nothing if they do not. Keys that have
 * one value may be passed over.
 */
export function directionOf(
  { shape, columns }: Candidate,
  terms: readonly OrderKey[],
  names: ReadonlyMap<number, string>,
): 'forward' | 'reverse' | undefined {
  const isSpan = columns.every((lists) => lists.every((list) => list.length === 1 && list[0]?.kind === 'range'));
  if (!isSpan || shape.array !== undefined) return undefined;
  let reverse: boolean | undefined;
  let at = 0;
  for (const { value, descending } of terms) {
    const text = shapeOf(value, names);
    while (shape.columns[at]?.shape !== text && columns[at]?.some(isEquality) === true) at++;
    const column = shape.columns[at];
    if (column?.shape !== text) return undefined;
    const isAgainst = column.descending !== descending;
    reverse ??= isAgainst;
    if (reverse !== isAgainst) return undefined;
    at++;
  }
  return reverse === true ? 'reverse' : 'forward';
}
