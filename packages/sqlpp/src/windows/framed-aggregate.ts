import type { Accumulator } from '../aggregates/aggregate-spec.js';
import type { Value } from '../values/value.js';
import type { WindowRows } from './window-function-spec.js';

/**
 * Returns what gives the result of an aggregate over the frame of a row, for each row in their order. Bounds seldom go back
 * from row to row, so that values are mostly added where frames begin at the first row, and moved in and out where the
 * aggregate can take them back.
 *
 * @param counts - whether a row passes FILTER
 */
export function aggregateFrames(
  rows: WindowRows,
  create: () => Accumulator,
  counts: (at: number) => boolean,
): (at: number) => Value {
  if (rows.frame.excludes) return (current) => recompute(rows, create, counts, current);
  const moving = new MovingFrame(rows, create, counts);
  return (current) => moving.resultAt(current);
}

function recompute(
  { frame, operand }: WindowRows,
  create: () => Accumulator,
  counts: (at: number) => boolean,
  current: number,
): Value {
  const accumulator = create();
  const end = frame.end(current);
  for (let at = frame.start(current); at < end; at++) {
    if (!frame.isExcluded(at, current) && counts(at)) accumulator.add(operand(0, at));
  }
  return accumulator.result();
}

class MovingFrame {
  readonly #rows: WindowRows;
  readonly #create: () => Accumulator;
  readonly #counts: (at: number) => boolean;
  #accumulator: Accumulator;
  #start = 0;
  #end = 0;
  #result: Value;
  #isStale = true;
  /** Whether a frame before had a result. */
  #hasHad = false;

  constructor(rows: WindowRows, create: () => Accumulator, counts: (at: number) => boolean) {
    this.#rows = rows;
    this.#create = create;
    this.#counts = counts;
    this.#accumulator = create();
  }

  resultAt(current: number): Value {
    const { frame } = this.#rows;
    this.#moveTo(frame.start(current), Math.max(frame.end(current), frame.start(current)));
    // Peers have one frame and so one result: an array, for one, is sorted once.
    if (this.#isStale) this.#result = this.#accumulator.result();
    this.#isStale = false;
    if (this.#result !== null) this.#hasHad = true;
    else if (this.#hasHad && this.#rows.frame.countsRows && this.#start < this.#end)
      return this.#accumulator.emptied ?? null;
    return this.#result;
  }

  #moveTo(start: number, end: number): void {
    if (start === this.#start && end === this.#end) return;
    this.#isStale = true;
    if ((start !== this.#start || end < this.#end) && !this.#canDrop(start, end)) {
      this.#accumulator = this.#create();
      this.#start = start;
      this.#end = start;
    }
    for (; this.#end < end; this.#end++) {
      if (this.#counts(this.#end)) this.#accumulator.add(this.#rows.operand(0, this.#end));
    }
    for (; this.#start < start; this.#start++) {
      if (this.#counts(this.#start)) this.#accumulator.remove?.(this.#rows.operand(0, this.#start));
    }
  }

  #canDrop(start: number, end: number): boolean {
    return start > this.#start && start <= this.#end && end >= this.#end && this.#accumulator.removable?.() === true;
  }
}
