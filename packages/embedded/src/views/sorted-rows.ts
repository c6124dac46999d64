import { compareRows, type Row } from './row.js';

/** Maximum number of rows of a chunk; a longer one is split in two or more of about half that. */
const CHUNK_ROWS_MAX = 256;

/** A run of rows in order. It never changes, so what was computed from it stays true. */
export interface Chunk {
  readonly rows: readonly Row[];
  /** What reduce functions made of all its rows, by their source. */
  readonly reductions: Map<string, string>;
}

/**
 * All rows of a view on one node in order, in chunks. An edit makes another object that shares the chunks it did not
 * touch, so a query goes on over the rows that it began with while the index moves on.
 *
 *     edit                   [ chunk ][ chunk ][ chunk' ][ chunk ]   the rows after
 *     SortedRows             [ chunk ][ chunk ][ chunk  ][ chunk ]   the rows before, still whole
 */
export class SortedRows {
  static readonly EMPTY = new SortedRows([]);

  readonly chunks: readonly Chunk[];
  /** How many rows there are before each chunk. */
  readonly offsets: readonly number[];
  readonly length: number;

  private constructor(chunks: readonly Chunk[]) {
    this.chunks = chunks;
    const offsets: number[] = [];
    let length = 0;
    for (const { rows } of chunks) {
      offsets.push(length);
      length += rows.length;
    }
    this.offsets = offsets;
    this.length = length;
  }

  /** The index of the first row for which `isBehind` is true; it must stay true from there on. */
  findFirst(isBehind: (row: Row) => boolean, from = 0, to = this.length): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBehind(this.at(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The row at an index that is in range. */
  at(index: number): Row {
    const chunk = this.chunkAt(index);
    return this.chunks[chunk]!.rows[index - this.offsets[chunk]!]!;
  }

  /** The chunk that has the row at an index. */
  chunkAt(index: number): number {
    let [low, high] = [0, this.offsets.length];
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (this.offsets[middle]! <= index) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The rows from `from` to before `to`, forwards or from the last one backwards. */
  *range(from: number, to: number, descending: boolean): IterableIterator<Row> {
    if (from >= to) return;
    const step = descending ? -1 : 1;
    let chunk = this.chunkAt(descending ? to - 1 : from);
    let index = (descending ? to - 1 : from) - this.offsets[chunk]!;
    for (let left = to - from; left > 0; left--) {
      let row = this.chunks[chunk]!.rows[index];
      if (row === undefined) {
        chunk += step;
        const { rows } = this.chunks[chunk]!;
        index = descending ? rows.length - 1 : 0;
        row = rows[index]!;
      }
      yield row;
      index += step;
    }
  }

  /** These rows without the ones removed, which must be the very objects, and with the ones added. */
  edit(removed: readonly Row[], added: readonly Row[]): SortedRows {
    if (removed.length === 0 && added.length === 0) return this;
    const gone = new Set(removed);
    const inserts = this.#byChunk([...added].sort(compareRows));
    const touched = new Set(removed.map((row) => this.#chunkFor(row)));
    const chunks: Chunk[] = [];
    for (let index = 0; index < Math.max(1, this.chunks.length); index++) {
      const chunk = this.chunks[index];
      const inserted = inserts.get(index);
      if (chunk !== undefined && inserted === undefined && !touched.has(index)) {
        chunks.push(chunk);
        continue;
      }
      const kept = (chunk?.rows ?? []).filter((row) => !gone.has(row));
      chunks.push(...split(inserted === undefined ? kept : merge(kept, inserted)));
    }
    return new SortedRows(chunks);
  }

  #byChunk(rows: readonly Row[]): Map<number, Row[]> {
    const inserts = new Map<number, Row[]>();
    for (const row of rows) {
      const index = this.#chunkFor(row);
      const list = inserts.get(index);
      if (list === undefined) inserts.set(index, [row]);
      else list.push(row);
    }
    return inserts;
  }

  /** The last chunk that begins at or before the row, or the first one. */
  #chunkFor(row: Row): number {
    let [low, high] = [0, this.chunks.length];
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (compareRows(this.chunks[middle]!.rows[0]!, row) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }
}

function merge(a: readonly Row[], b: readonly Row[]): Row[] {
  const rows: Row[] = [];
  let [indexA, indexB] = [0, 0];
  while (indexA < a.length && indexB < b.length) {
    rows.push(compareRows(a[indexA]!, b[indexB]!) <= 0 ? a[indexA++]! : b[indexB++]!);
  }
  while (indexA < a.length) rows.push(a[indexA++]!);
  while (indexB < b.length) rows.push(b[indexB++]!);
  return rows;
}

function split(rows: readonly Row[]): Chunk[] {
  if (rows.length === 0) return [];
  if (rows.length <= CHUNK_ROWS_MAX) return [{ rows, reductions: new Map() }];
  const count = Math.ceil(rows.length / (CHUNK_ROWS_MAX / 2));
  const size = Math.ceil(rows.length / count);
  const chunks: Chunk[] = [];
  for (let at = 0; at < rows.length; at += size)
    chunks.push({ rows: rows.slice(at, at + size), reductions: new Map() });
  return chunks;
}
