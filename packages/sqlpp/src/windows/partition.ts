import { compareAllBy, type SortTerm } from '../values/sort-order.js';
import type { Value } from '../values/value.js';

/** The rows of a partition in their order. Rows that are equal in it are peers, and form a group. */
export class Partition {
  /** Number of the group of each row. */
  readonly groupOf: Uint32Array;
  /** First row of each group, and the number of rows at the end. */
  readonly groupStarts: readonly number[];

  constructor(
    /** Place of each row in the input. */
    readonly rows: readonly number[],
    /** Values of ORDER BY of the rows of the input. */
    readonly sortKeys: readonly (readonly Value[])[],
    readonly terms: readonly SortTerm[],
  ) {
    this.groupOf = new Uint32Array(rows.length);
    const starts: number[] = [];
    for (let at = 0; at < rows.length; at++) {
      if (at === 0 || !this.#arePeers(at - 1, at)) starts.push(at);
      this.groupOf[at] = starts.length - 1;
    }
    starts.push(rows.length);
    this.groupStarts = starts;
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

  #arePeers(left: number, right: number): boolean {
    const { rows, sortKeys, terms } = this;
    const leftKeys = sortKeys[rows[left] as number] as readonly Value[];
    return compareAllBy(leftKeys, sortKeys[rows[right] as number] as readonly Value[], terms) === 0;
  }
}
