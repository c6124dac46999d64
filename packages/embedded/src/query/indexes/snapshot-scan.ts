import type { IndexEntry } from '@cb/sqlpp';

type Batch = readonly IndexEntry[];

/** The entries of an index as they were when the scan began, although the index may change before all of them are taken. */
export class SnapshotScan implements IterableIterator<Batch> {
  readonly #source: Iterator<Batch>;
  readonly #onEnd: (scan: SnapshotScan) => void;
  /** What is left, once it had to be taken. */
  #kept: Batch[] | undefined;

  /** @param onEnd called when the scan does not depend on the index any more */
  constructor(source: Iterable<Batch>, onEnd: (scan: SnapshotScan) => void) {
    this.#source = source[Symbol.iterator]();
    this.#onEnd = onEnd;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Batch> {
    if (this.#kept === undefined) {
      const next = this.#source.next();
      if (next.done === true) this.#onEnd(this);
      return next;
    }
    const value = this.#kept.shift();
    return value === undefined ? { done: true, value } : { done: false, value };
  }

  /** Ends a scan of which the rest is not wanted. */
  return(): IteratorResult<Batch> {
    this.#kept = [];
    this.#source.return?.();
    this.#onEnd(this);
    return { done: true, value: undefined };
  }

  /** Takes what is left, as the index is about to change. */
  keep(): void {
    const kept: Batch[] = [];
    for (let next = this.#source.next(); next.done !== true; next = this.#source.next()) kept.push(next.value);
    this.#kept = kept;
    this.#onEnd(this);
  }
}
