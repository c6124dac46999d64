import { compare } from './collation.js';
import type { Value } from './value.js';

/** A term of ORDER BY, without its expression. */
export interface SortTerm {
  readonly descending: boolean;
  /** Where MISSING and NULL go. Default first, or last if descending. */
  readonly nulls?: 'first' | 'last' | undefined;
}

/** Compares two values of a term of ORDER BY. */
export function compareBy(left: Value, right: Value, { descending, nulls }: SortTerm): number {
  if (nulls !== undefined) {
    const isUnknown = left === undefined || left === null;
    if (isUnknown !== (right === undefined || right === null)) return isUnknown === (nulls === 'first') ? -1 : 1;
  }
  const order = compare(left, right);
  return descending ? -order : order;
}

/** Compares two lists of values, one for each term. */
export function compareAllBy(left: readonly Value[], right: readonly Value[], terms: readonly SortTerm[]): number {
  for (let at = 0; at < terms.length; at++) {
    const order = compareBy(left[at], right[at], terms[at] as SortTerm);
    if (order !== 0) return order;
  }
  return 0;
}
