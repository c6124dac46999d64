import { newRow, type Operator } from './operator.js';

/** Yields the one row of a select without FROM. */
export function scanOne(base: number, size: () => number): Operator {
  return (_run, outer) => [[newRow(outer, base, size())]];
}
