import type { AggregateSpec } from '../aggregates/aggregate-spec.js';
import { Distinct } from '../aggregates/distinct.js';
import { Pacer } from '../time/pacer.js';
import { mapped, type Steps } from '../time/steps.js';
import { identityKey } from '../values/equality.js';
import { compareAllBy, type SortTerm } from '../values/sort-order.js';
import { SortedRuns } from '../values/sorted-runs.js';
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

/** Rows that are sorted at once; more are merged from such runs. */
const RUN_SIZE = 4096;

/** Computes the result of the call for each row, in the order of the rows given. */
export function* computeWindow<Row>(call: WindowCall<Row>, rows: readonly Row[]): Steps<Value[]> {
  const pacer = new Pacer();
  const results: Value[] = new Array(rows.length);
  const sortKeys = yield* mapped(rows, pacer, (row) => call.orderBy.map((term) => term.value(row)));
  for (const members of yield* partitionsOf(call, rows)) {
    const ordered = yield* inOrder(members, sortKeys, call);
    const partition = yield* Partition.of(ordered, sortKeys, call.orderBy, pacer);
    const resultOf = yield* resultsOf(call, rows, partition, pacer);
    yield* mapped(ordered, pacer, (row, at) => {
      results[row] = resultOf(at);
    });
  }
  return results;
}

function* partitionsOf<Row>({ partitionBy }: WindowCall<Row>, rows: readonly Row[]): Steps<Iterable<number[]>> {
  if (partitionBy.length === 0) return rows.length === 0 ? [] : [rows.map((_, at) => at)];
  const partitions = new Map<unknown, number[]>();
  const pacer = new Pacer();
  for (let at = 0; at < rows.length; at++) {
    const values = partitionBy.map((value) => value(rows[at] as Row));
    const key = identityKey(values.length === 1 ? values[0] : values);
    const members = partitions.get(key);
    if (members === undefined) partitions.set(key, [at]);
    else members.push(at);
    if (pacer.isDue()) yield;
  }
  return partitions.values();
}

/** Puts the rows of a partition in order; rows that are equal in it stay in the order of the input. */
function* inOrder<Row>(
  members: number[],
  sortKeys: readonly (readonly Value[])[],
  { orderBy }: WindowCall<Row>,
): Steps<readonly number[]> {
  if (orderBy.length === 0) return members;
  const compare = (left: number, right: number): number =>
    compareAllBy(sortKeys[left] ?? [], sortKeys[right] ?? [], orderBy) || left - right;
  if (members.length <= RUN_SIZE) return members.sort(compare);
  const runs: number[][] = [];
  for (let from = 0; from < members.length; from += RUN_SIZE) {
    runs.push(members.slice(from, from + RUN_SIZE).sort(compare));
    yield;
  }
  const merged = new SortedRuns(runs, compare);
  return yield* mapped(members, new Pacer(), () => merged.take() as number);
}

function* resultsOf<Row>(
  call: WindowCall<Row>,
  rows: readonly Row[],
  partition: Partition,
  pacer: Pacer,
): Steps<(at: number) => Value> {
  const operands: (readonly Value[])[] = [];
  for (const operand of call.operands) {
    operands.push(yield* mapped(partition.rows, pacer, (row) => operand(rows[row] as Row)));
  }
  const ordered = call.orderBy.length > 0 ? UP_TO_CURRENT : WHOLE_PARTITION;
  const seen: WindowRows = {
    partition,
    frame: new FrameRows(partition, call.frame ?? ordered),
    ignoreNulls: call.ignoreNulls ?? false,
    fromLast: call.fromLast ?? false,
    operandCount: operands.length,
    operand: (position, at) => operands[position]?.[at],
  };
  if (call.function.kind === 'window') return call.function.spec.results(seen);
  const { spec, distinct } = call.function;
  const create = distinct ? () => new Distinct(spec.create()) : () => spec.create();
  const { filter } = call;
  const counts = filter === undefined ? () => true : (at: number) => filter(rows[partition.rows[at] as number] as Row);
  return aggregateFrames(seen, create, counts);
}
