import { clauseFault } from '../errors/clause-fault.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { truth } from '../values/truth.js';
import { type Batch, NO_ROWS, type Operator } from './operator.js';

/** Keeps the rows for which a condition is true. */
export function filter(input: Operator, condition: Evaluate, clause = 'filter'): Operator {
  return input.filtered?.(condition, clause) ?? ((run, outer) => filterRows(input(run, outer), condition, run, clause));
}

function* filterRows(input: Iterable<Batch>, condition: Evaluate, run: Run, clause: string): Generator<Batch> {
  for (const batch of input) {
    let kept: Row[] | undefined;
    try {
      for (const row of batch) {
        const value = condition(row, run);
        if (value !== true && truth(value) !== true) continue;
        if (kept === undefined) kept = [row];
        else kept.push(row);
      }
    } catch (error) {
      throw clauseFault(clause, error);
    }
    yield kept ?? NO_ROWS;
  }
}

export interface Assignment {
  readonly slot: number;
  readonly value: Evaluate;
}

/** Puts values of expressions into slots of each row. */
export function assign(input: Operator, assignments: readonly Assignment[], clause: string): Operator {
  if (assignments.length === 0) return input;
  return (run, outer) => assignRows(input(run, outer), assignments, run, clause);
}

function* assignRows(
  input: Iterable<Batch>,
  assignments: readonly Assignment[],
  run: Run,
  clause: string,
): Generator<Batch> {
  for (const batch of input) {
    try {
      for (const row of batch) for (const { slot, value } of assignments) row[slot] = value(row, run);
    } catch (error) {
      throw clauseFault(clause, error);
    }
    yield batch;
  }
}

/** Leaves out the first rows, and ends after a number of them. */
export function slice(input: Operator, offset: Evaluate | undefined, limit: Evaluate | undefined): Operator {
  if (offset === undefined && limit === undefined) return input;
  return (run, outer) => sliceRows(input(run, outer), Number(offset?.(outer, run) ?? 0), limitOf(limit, outer, run));
}

function limitOf(limit: Evaluate | undefined, outer: Row, run: Run): number {
  return limit === undefined ? Infinity : Math.max(0, Number(limit(outer, run)));
}

function* sliceRows(input: Iterable<Batch>, offset: number, limit: number): Generator<Batch> {
  let skip = Math.max(0, offset);
  let left = limit;
  if (left <= 0) return;
  for (const batch of input) {
    const from = Math.min(skip, batch.length);
    skip -= from;
    const rows = from === 0 && batch.length <= left ? batch : batch.slice(from, from + left);
    left -= rows.length;
    yield rows;
    if (left <= 0) return;
  }
}
