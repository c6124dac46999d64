import type { DocumentIndex, Item } from '@cb/sqlpp';

/** Number of documents that an index is given at a time. */
const SLICE = 1024;

/** Fills an index with the documents of a collection, some at a time, so that others have the thread in between. */
export class IndexLoad {
  readonly #entries: DocumentIndex;
  readonly #items: Iterator<Item>;

  /** @param items the documents, each as it is when its turn comes */
  constructor(entries: DocumentIndex, items: Iterator<Item>) {
    this.#entries = entries;
    this.#items = items;
  }

  /** Loads the next documents; false if there are none. */
  step(): boolean {
    const slice: Item[] = [];
    while (slice.length < SLICE) {
      const next = this.#items.next();
      if (next.done === true) break;
      slice.push(next.value);
    }
    if (slice.length > 0) this.#entries.load(slice);
    return slice.length > 0;
  }
}
