import type { ResultType } from '../functions/function-spec.js';
import type { Value } from '../values/value.js';
import type { FrameRows } from './frame-rows.js';
import type { Partition } from './partition.js';

/** What a window function sees of a partition. Rows are named by their place in it. */
export interface WindowRows {
  readonly partition: Partition;
  readonly frame: FrameRows;
  readonly ignoreNulls: boolean;
  readonly fromLast: boolean;
  /** Number of operands that the call has. */
  readonly operandCount: number;
  operand(position: number, at: number): Value;
}

/** A window function that is not an aggregate, as data. */
export interface WindowFunctionSpec {
  /** Lower case. */
  readonly name: string;
  readonly minArguments: number;
  readonly maxArguments: number;
  readonly returns: ResultType;
  readonly needsOrder: boolean;
  readonly takesFrame: boolean;
  /** Returns what gives the result of a row of the partition. It is asked for each row once, in their order. */
  results(rows: WindowRows): (at: number) => Value;
}
