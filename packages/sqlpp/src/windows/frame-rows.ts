import type { Value } from '../values/value.js';
import type { Frame, FrameBound } from './frame.js';
import type { Partition } from './partition.js';

type Finder = (at: number) => number;

/** Finds the rows of the frame of a row: from `start(at)` to before `end(at)`, less what is excluded. */
export class FrameRows {
  readonly #partition: Partition;
  readonly #frame: Frame;
  readonly start: Finder;
  readonly end: Finder;

  constructor(partition: Partition, frame: Frame) {
    this.#partition = partition;
    this.#frame = frame;
    const finder = { rows: rowsFinder, groups: groupsFinder, range: rangeFinder }[frame.unit];
    this.start = finder(partition, frame.start, false);
    this.end = finder(partition, frame.end, true);
  }

  get excludes(): boolean {
    return this.#frame.exclude !== 'no others';
  }

  /** Whether the bounds of frames are numbers of rows. */
  get countsRows(): boolean {
    return this.#frame.unit === 'rows';
  }

  /** Tells whether a row in the bounds of the frame of `current` is left out of it. */
  isExcluded(at: number, current: number): boolean {
    const { exclude } = this.#frame;
    if (exclude === 'no others') return false;
    if (exclude === 'current row') return at === current;
    const { groupOf } = this.#partition;
    return groupOf[at] === groupOf[current] && (exclude === 'group' || at !== current);
  }
}

function offsetOf(bound: FrameBound): number {
  return 'offset' in bound && typeof bound.offset === 'number' ? bound.offset : 0;
}

/** Offset of a bound with the sign of its direction. */
function signedOffset(bound: FrameBound): number {
  return bound.kind === 'preceding' ? -offsetOf(bound) : offsetOf(bound);
}

function clamp(at: number, length: number): number {
  return Math.min(Math.max(at, 0), length);
}

function rowsFinder({ length }: Partition, bound: FrameBound, isEnd: boolean): Finder {
  if (bound.kind === 'unbounded preceding') return () => 0;
  if (bound.kind === 'unbounded following') return () => length;
  const shift = signedOffset(bound) + (isEnd ? 1 : 0);
  return (at) => clamp(at + shift, length);
}

function groupsFinder(partition: Partition, bound: FrameBound, isEnd: boolean): Finder {
  if (bound.kind === 'unbounded preceding') return () => 0;
  if (bound.kind === 'unbounded following') return () => partition.length;
  const shift = signedOffset(bound) + (isEnd ? 1 : 0);
  const { groupOf, groupStarts, groupCount } = partition;
  return (at) => groupStarts[clamp((groupOf[at] as number) + shift, groupCount)] as number;
}

function rangeFinder(partition: Partition, bound: FrameBound, isEnd: boolean): Finder {
  if (!('offset' in bound)) return groupsFinder(partition, bound, isEnd);
  const peers: Finder = isEnd ? (at) => partition.peersEnd(at) : (at) => partition.peersStart(at);
  const { descending } = partition.terms[0] ?? { descending: false };
  const shift = descending ? -signedOffset(bound) : signedOffset(bound);
  const numbers = numbersOf(partition);
  return (at) => {
    const key = partition.sortKey(at);
    if (isNumber(key)) return search(partition, numbers, Number(key) + shift, isEnd, descending);
    // Nothing is near NULL and MISSING but their peers, and nothing at all near what is known and not a number.
    if (key === undefined || key === null) return peers(at);
    return isEnd ? 0 : partition.length;
  };
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The rows whose keys are numbers: they stand together, wherever NULL and MISSING are. */
function numbersOf(partition: Partition): readonly [start: number, end: number] {
  let start = 0;
  while (start < partition.length && !isNumber(partition.sortKey(start))) start++;
  let end = start;
  while (end < partition.length && isNumber(partition.sortKey(end))) end++;
  return [start, end];
}

/** Finds the first of the rows with numbers whose key is at or behind a limit (behind it, for the end of a frame). */
function search(
  partition: Partition,
  numbers: readonly [start: number, end: number],
  limit: number,
  isEnd: boolean,
  descending: boolean,
): number {
  let [low, high] = numbers;
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = Number(partition.sortKey(middle));
    if (key === limit ? isEnd : key > limit === descending) low = middle + 1;
    else high = middle;
  }
  return low;
}
