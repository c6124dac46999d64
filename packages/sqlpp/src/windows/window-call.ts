import type { AggregateSpec } from '../aggregates/aggregate-spec.js';
import { Distinct } from '../aggregates/distinct.js';
import { identityKey } from '../values/equality.js';
import { compareAllBy, type SortTerm } from '../values/sort-order.js';
import type { Value } from '../values/value.js';
import { type Frame, UP_TO_CURRENT, WHOLE_PARTITION } from './frame.js';
import { FrameRows } from './frame-rows.js';
import { aggregateFrames } from './framed-aggregate.js';
import { Partition } from './partition.js';
import type { WindowFunctionSpec, WindowRows } from './window-function-spec.js';

type Expression<Row> = (row: Row) => Value;

/** A function with OVER, its names resolved and its expressions compiled. */
export interface WindowCall<Row> {
  readonly function:
    | { readonly kind: 'aggregate'; readonly spec: AggregateSpec; readonly distinct: boolean }
    | { readonly kind: 'window'; readonly spec: WindowFunctionSpec };
  readonly operands: readonly Expression<Row>[];
  /** FILTER (WHERE ...): which rows an aggregate sees. */
  readonly filter?: ((row: Row) => boolean) | undefined;
  readonly partitionBy: readonly Expression<Row>[];
  readonly orderBy: readonly (SortTerm & { readonly value: Expression<Row> })[];
  readonly frame?: Frame | undefined;
  readonly ignoreNulls?: boolean;
  readonly fromLast?: boolean;
}

/** Returns the result of the call for each row, in the order of the rows given. */
export function computeWindow<Row>(call: WindowCall<Row>, rows: readonly Row[]): Value[] {
  const results: Value[] = new Array(rows.length);
  const sortKeys = rows.map((row) => call.orderBy.map((term) => term.value(row)));
  for (const members of partitionsOf(call, rows)) {
    if (call.orderBy.length > 0) {
      members.sort((left, right) => compareAllBy(sortKeys[left] ?? [], sortKeys[right] ?? [], call.orderBy));
    }
    const partition = new Partition(members, sortKeys, call.orderBy);
    const values = computePartition(call, rows, partition);
    members.forEach((row, at) => {
      results[row] = values[at];
    });
  }
  return results;
}

function partitionsOf<Row>({ partitionBy }: WindowCall<Row>, rows: readonly Row[]): Iterable<number[]> {
  if (partitionBy.length === 0) return rows.length === 0 ? [] : [rows.map((_, at) => at)];
  const partitions = new Map<unknown, number[]>();
  rows.forEach((row, at) => {
    const values = partitionBy.map((value) => value(row));
    const key = identityKey(values.length === 1 ? values[0] : values);
    const members = partitions.get(key);
    if (members === undefined) partitions.set(key, [at]);
    else members.push(at);
  });
  return partitions.values();
}

function computePartition<Row>(call: WindowCall<Row>, rows: readonly Row[], partition: Partition): Value[] {
  const operands = call.operands.map((operand) => partition.rows.map((row) => operand(rows[row] as Row)));
  const ordered = call.orderBy.length > 0 ? UP_TO_CURRENT : WHOLE_PARTITION;
  const seen: WindowRows = {
    partition,
    frame: new FrameRows(partition, call.frame ?? ordered),
    ignoreNulls: call.ignoreNulls ?? false,
    fromLast: call.fromLast ?? false,
    operandCount: operands.length,
    operand: (position, at) => operands[position]?.[at],
  };
  if (call.function.kind === 'window') return call.function.spec.compute(seen);
  const { spec, distinct } = call.function;
  const create = distinct ? () => new Distinct(spec.create()) : () => spec.create();
  const { filter } = call;
  const counts = filter === undefined ? () => true : (at: number) => filter(rows[partition.rows[at] as number] as Row);
  return aggregateFrames(seen, create, counts);
}
