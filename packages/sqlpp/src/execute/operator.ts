import type { Evaluate, Row, Run } from '../expressions/run.js';

/** Rows that travel together. An empty batch says only that there is more to come, so that others may have the time. */
export type Batch = readonly Row[];

/** Rows of a batch, about. */
export const BATCH_SIZE = 256;

export const NO_ROWS: Batch = [];

/** A step of a plan. `outer` is the row of what stands around the select. */
export interface Operator {
  (run: Run, outer: Row): Iterable<Batch>;
  /** Returns a step that keeps the rows for which a condition is true, if that is less work than another step behind. */
  readonly filtered?: (condition: Evaluate, clause: string) => Operator;
}

/** Makes a row of a select from that of what is around it. */
export function newRow(outer: Row, base: number, size: number): Row {
  const row: Row = new Array(size);
  for (let slot = 0; slot < base; slot++) row[slot] = outer[slot];
  return row;
}
