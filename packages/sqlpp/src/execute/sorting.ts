import { clauseFault } from '../errors/clause-fault.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { compareBy, type SortTerm } from '../values/sort-order.js';
import { SortedRuns } from '../values/sorted-runs.js';
import type { Value } from '../values/value.js';
import { BATCH_SIZE, type Batch, NO_ROWS, type Operator } from './operator.js';

/** Rows that are sorted at once; longer inputs are merged from such runs, so that no step takes long. */
const RUN_SIZE = 4096;
/** If a few rows are wanted, so many more are collected before they are sorted. */
const FEW = 64;
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
  const rows = new SortedRows(compare, code.wanted(outer, run));
  let place = 0;
  let held = 0;
  for (const batch of input) {
    try {
      for (const row of batch) rows.add({ row, keys: keysOf(code.values, row, run), place: place++ });
    } catch (error) {
      throw clauseFault('order expression', error);
    }
    run.hold((rows.count - held) * BYTES_OF_ROW);
    held = rows.count;
    yield NO_ROWS;
  }
  code.counted(run, place);
  yield* merge(rows.runs(), compare);
  run.hold(-held * BYTES_OF_ROW);
}

/** Rows that are sorted in runs. If only the first are wanted, those are kept. */
class SortedRows {
  readonly #compare: Compare;
  readonly #wanted: number;
  /** Length at which the open run is sorted. */
  readonly #full: number;
  readonly #sorted: Sortable[][] = [];
  #open: Sortable[] = [];
  /** The last of the rows that are wanted, so far. */
  #last: Sortable | undefined;
  #count = 0;

  constructor(compare: Compare, wanted: number) {
    this.#compare = compare;
    this.#wanted = wanted;
    this.#full = wanted <= RUN_SIZE ? Math.min(RUN_SIZE, 2 * wanted + FEW) : RUN_SIZE;
  }

  /** Number of rows that are kept. */
  get count(): number {
    return this.#count;
  }

  add(sortable: Sortable): void {
    if (this.#last !== undefined && this.#compare(sortable, this.#last) >= 0) return;
    this.#open.push(sortable);
    this.#count++;
    if (this.#open.length < this.#full) return;
    this.#open.sort(this.#compare);
    if (this.#wanted <= RUN_SIZE) {
      this.#count -= Math.max(0, this.#open.length - this.#wanted);
      this.#open.length = Math.min(this.#open.length, this.#wanted);
      this.#last = this.#open.at(-1);
    } else {
      this.#sorted.push(this.#open);
      this.#open = [];
    }
  }

  /** Returns the rows, each run in order. */
  runs(): readonly Sortable[][] {
    return [...this.#sorted, this.#open.sort(this.#compare)];
  }
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
