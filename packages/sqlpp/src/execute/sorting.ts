import { clauseFault } from '../errors/clause-fault.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { compareBy, type SortTerm } from '../values/sort-order.js';
import { SortedRuns } from '../values/sorted-runs.js';
import type { Value } from '../values/value.js';
import { BATCH_SIZE, type Batch, NO_ROWS, type Operator } from './operator.js';

/** Rows that are sorted at once; longer inputs are merged from such runs, so that no step takes long. */
const RUN_SIZE = 4096;
/** Bytes that a row waiting to be sorted holds, about. */
const BYTES_OF_ROW = 150;

export interface SortCode {
  readonly terms: (outer: Row, run: Run) => readonly SortTerm[];
  readonly values: readonly Evaluate[];
  /** Rows that are wanted, if a limit is known: what is behind them need not be kept. */
  readonly wanted: (outer: Row, run: Run) => number;
  /** Counts what has been sorted. */
  readonly counted: (run: Run, rows: number) => void;
}

interface Sortable {
  readonly row: Row;
  readonly keys: readonly Value[];
  readonly place: number;
}

type Compare = (left: Sortable, right: Sortable) => number;

/** Puts rows in order; rows that are equal in it stay in the order in which they came. */
export function sort(input: Operator, code: SortCode): Operator {
  return (run, outer) => sortRows(input(run, outer), code, run, outer);
}

function* sortRows(input: Iterable<Batch>, code: SortCode, run: Run, outer: Row): Generator<Batch> {
  const compare = comparator(code.terms(outer, run));
  const wanted = code.wanted(outer, run);
  const sorted: Sortable[][] = [];
  let open: Sortable[] = [];
  let place = 0;
  let held = 0;
  for (const batch of input) {
    try {
      for (const row of batch) open.push({ row, keys: keysOf(code.values, row, run), place: place++ });
    } catch (error) {
      throw clauseFault('order expression', error);
    }
    run.hold(batch.length * BYTES_OF_ROW);
    held += batch.length * BYTES_OF_ROW;
    if (open.length >= RUN_SIZE) {
      open.sort(compare);
      if (wanted <= RUN_SIZE) {
        open.length = Math.min(open.length, wanted);
      } else {
        sorted.push(open);
        open = [];
      }
    }
    yield NO_ROWS;
  }
  code.counted(run, place);
  sorted.push(open.sort(compare));
  yield* merge(sorted, compare);
  run.hold(-held);
}

function keysOf(values: readonly Evaluate[], row: Row, run: Run): readonly Value[] {
  if (values.length === 1) return [(values[0] as Evaluate)(row, run)];
  return values.map((value) => value(row, run));
}

function comparator(terms: readonly SortTerm[]): Compare {
  const [first] = terms;
  if (terms.length === 1 && first !== undefined) {
    return (left, right) => compareBy(left.keys[0], right.keys[0], first) || left.place - right.place;
  }
  return (left, right) => {
    for (let at = 0; at < terms.length; at++) {
      const order = compareBy(left.keys[at], right.keys[at], terms[at] as SortTerm);
      if (order !== 0) return order;
    }
    return left.place - right.place;
  };
}

/** Merges sorted runs, by a heap of their heads. */
function* merge(runs: readonly Sortable[][], compare: Compare): Generator<Batch> {
  if (runs.length === 1) {
    const [only] = runs as [Sortable[]];
    for (let from = 0; from < only.length; from += BATCH_SIZE) {
      yield only.slice(from, from + BATCH_SIZE).map(({ row }) => row);
    }
    return;
  }
  const heap = new SortedRuns(runs, compare);
  let out: Row[] = [];
  for (let next = heap.take(); next !== undefined; next = heap.take()) {
    out.push(next.row);
    if (out.length < BATCH_SIZE) continue;
    yield out;
    out = [];
  }
  yield out;
}
