import type { IndexEntry } from '../keyspaces/index-scan.js';

/** Entries of a piece: it is halved above. */
const PIECE_MAX = 512;
/** Entries that are yielded at a time. */
const BATCH = 256;

/** Tells where an entry lies: below 0 in front of what is looked for, above 0 behind it. */
export type Place = (entry: IndexEntry) => number;

/** Compares entries: by their keys, then by the keys of their documents. */
export type CompareEntries = (left: IndexEntry, right: IndexEntry) => number;

/** Entries in order, in pieces that are short enough to insert into. */
export class SortedEntries {
  readonly #compare: CompareEntries;
  #pieces: IndexEntry[][] = [];
  #count = 0;
  /** Changes with each change: a walk that has paused finds its place again. */
  #version = 0;

  constructor(compare: CompareEntries) {
    this.#compare = compare;
  }

  /** Number of entries. */
  get count(): number {
    return this.#count;
  }

  /** Takes entries in any order; there are none yet. */
  load(entries: IndexEntry[]): void {
    entries.sort(this.#compare);
    this.#pieces = [];
    for (let from = 0; from < entries.length; from += PIECE_MAX / 2) {
      this.#pieces.push(entries.slice(from, from + PIECE_MAX / 2));
    }
    this.#count = entries.length;
    this.#version++;
  }

  add(entry: IndexEntry): void {
    this.#version++;
    this.#count++;
    const at = Math.min(this.#pieceOf(this.#placeOf(entry)), this.#pieces.length - 1);
    const piece = this.#pieces[at];
    if (piece === undefined) {
      this.#pieces.push([entry]);
      return;
    }
    piece.splice(firstFrom(piece, this.#placeOf(entry)), 0, entry);
    if (piece.length > PIECE_MAX) this.#pieces.splice(at + 1, 0, piece.splice(PIECE_MAX / 2));
  }

  /** Removes an entry that equals the given one. */
  remove(entry: IndexEntry): void {
    const place = this.#placeOf(entry);
    const at = this.#pieceOf(place);
    const piece = this.#pieces[at];
    if (piece === undefined) return;
    const index = firstFrom(piece, place);
    const found = piece[index];
    if (found === undefined || this.#compare(found, entry) !== 0) return;
    piece.splice(index, 1);
    if (piece.length === 0) this.#pieces.splice(at, 1);
    this.#version++;
    this.#count--;
  }

  /**
   * Yields the entries at a place, in order or the last first. What is added or removed between two batches is seen if it
   * lies ahead.
   */
  *walk(place: Place, reverse: boolean): Generator<readonly IndexEntry[]> {
    let cursor = reverse ? this.#lastBefore(beyond(place)) : this.#first(place);
    for (;;) {
      const version = this.#version;
      const batch = reverse ? this.#takeBack(cursor, place) : this.#take(cursor, place);
      if (batch.length > 0) yield batch;
      if (batch.length < BATCH) return;
      if (version === this.#version) continue;
      const last = this.#placeOf(batch[batch.length - 1] as IndexEntry);
      cursor = reverse ? this.#lastBefore(last) : this.#first(beyond(last));
    }
  }

  /** Takes entries from a cursor on, which is moved behind them. */
  #take(cursor: Cursor, place: Place): IndexEntry[] {
    const batch: IndexEntry[] = [];
    for (; cursor.at < this.#pieces.length; cursor.at++, cursor.index = 0) {
      const piece = this.#pieces[cursor.at] as IndexEntry[];
      while (cursor.index < piece.length) {
        const entry = piece[cursor.index] as IndexEntry;
        if (batch.length === BATCH || place(entry) > 0) return batch;
        batch.push(entry);
        cursor.index++;
      }
    }
    return batch;
  }

  /** Takes entries from a cursor back, which is moved in front of them. */
  #takeBack(cursor: Cursor, place: Place): IndexEntry[] {
    const batch: IndexEntry[] = [];
    while (cursor.at >= 0) {
      const piece = this.#pieces[cursor.at] as IndexEntry[];
      while (cursor.index >= 0) {
        const entry = piece[cursor.index] as IndexEntry;
        if (batch.length === BATCH || place(entry) < 0) return batch;
        batch.push(entry);
        cursor.index--;
      }
      cursor.at--;
      cursor.index = (this.#pieces[cursor.at]?.length ?? 0) - 1;
    }
    return batch;
  }

  #placeOf(sought: IndexEntry): Place {
    return (entry) => this.#compare(entry, sought);
  }

  /** Returns the first piece whose last entry is not in front of a place. */
  #pieceOf(place: Place): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = this.#pieces[middle] as IndexEntry[];
      if (place(piece[piece.length - 1] as IndexEntry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #first(place: Place): Cursor {
    const at = this.#pieceOf(place);
    return { at, index: firstFrom(this.#pieces[at] ?? [], place) };
  }

  #lastBefore(place: Place): Cursor {
    const { at, index } = this.#first(place);
    return index > 0 ? { at, index: index - 1 } : { at: at - 1, index: (this.#pieces[at - 1]?.length ?? 0) - 1 };
  }
}

/** Where a walk stands. */
interface Cursor {
  at: number;
  index: number;
}

/** The place behind all entries of a place. */
function beyond(place: Place): Place {
  return (entry) => (place(entry) > 0 ? 0 : -1);
}

/** Returns the index of the first entry that is not in front of a place. */
function firstFrom(entries: readonly IndexEntry[], place: Place): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (place(entries[middle] as IndexEntry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
