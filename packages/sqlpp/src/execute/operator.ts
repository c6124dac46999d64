import type { Row, Run } from '../expressions/run.js';

/** Rows that travel together. An empty batch says only that there is more to come, so that others may have the time. */
export type Batch = readonly Row[];

/** Rows of a batch, about. */
export const BATCH_SIZE = 256;

export const NO_ROWS: Batch = [];

/** A step of a plan. `outer` is the row of what stands around the select. */
export type Operator = (run: Run, outer: Row) => Iterable<Batch>;

/** Makes a row of a select from that of what is around it. */
export function newRow(outer: Row, base: number, size: number): Row {
  const row: Row = new Array(size);
  for (let slot = 0; slot < base; slot++) row[slot] = outer[slot];
  return row;
}
