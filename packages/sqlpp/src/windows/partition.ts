import type { Pacer } from '../time/pacer.js';
import { pacerFor, type Steps } from '../time/steps.js';
import { compareAllBy, type SortTerm } from '../values/sort-order.js';
import type { Value } from '../values/value.js';

/** The rows of a partition in their order. Rows that are equal in it are peers, and form a group. */
export class Partition {
  /** Number of the group of each row. */
  readonly groupOf: Uint32Array;
  constructor(
    /** Place of each row in the input. */
    readonly rows: readonly number[],
    /** Values of ORDER BY of the rows of the input. */
    readonly sortKeys: readonly (readonly Value[])[],
    readonly terms: readonly SortTerm[],
    /** First row of each group, and the number of rows at the end. */
    readonly groupStarts: readonly number[],
  ) {
    this.groupOf = new Uint32Array(rows.length);
    for (let group = 0; group < this.groupCount; group++) {
      this.groupOf.fill(group, groupStarts[group], groupStarts[group + 1]);
    }
  }

  /** Makes a partition of rows that are in order. */
  static *of(
    rows: readonly number[],
    sortKeys: readonly (readonly Value[])[],
    terms: readonly SortTerm[],
    shared: Pacer,
  ): Steps<Partition> {
    const pacer = pacerFor(rows.length, shared);
    const starts: number[] = [];
    let before: readonly Value[] | undefined;
    for (let at = 0; at < rows.length; at++) {
      const keys = sortKeys[rows[at] as number] as readonly Value[];
      if (before === undefined || compareAllBy(before, keys, terms) !== 0) starts.push(at);
      before = keys;
      if (pacer.isDue()) yield;
    }
    starts.push(rows.length);
    return new Partition(rows, sortKeys, terms, starts);
  }

  get length(): number {
    return this.rows.length;
  }

  get groupCount(): number {
    return this.groupStarts.length - 1;
  }

  /** First of the peers of a row. */
  peersStart(at: number): number {
    return this.groupStarts[this.groupOf[at] as number] as number;
  }

  /** Behind the last of the peers of a row. */
  peersEnd(at: number): number {
    return this.groupStarts[(this.groupOf[at] as number) + 1] as number;
  }

  /** Value of the first term of ORDER BY. */
  sortKey(at: number): Value {
    return this.sortKeys[this.rows[at] as number]?.[0];
  }
}
