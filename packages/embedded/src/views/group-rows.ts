import { compareKeys, type Json } from './collation.js';
import type { KeyRange } from './key-range.js';
import type { Reducer } from './reduce.js';
import type { Row } from './row.js';
import type { Chunk, SortedRows } from './sorted-rows.js';
import type { Grouping } from './view-params.js';

/** One row of a reduced view. */
export interface ReducedRow {
  readonly key: Json;
  readonly keyText: string;
  readonly valueText: string;
}

/**
 * Reduces the rows of a range, group by group. A whole chunk is reduced once and the result kept with it, so that what
 * a query costs is the number of its groups and chunks, not of its rows.
 */
export async function* groupRows(
  rows: SortedRows,
  { from, to }: KeyRange,
  grouping: Grouping,
  reducer: Reducer,
  descending: boolean,
): AsyncGenerator<ReducedRow> {
  let [low, high] = [from, to];
  while (low < high) {
    // The group that has the row at the near end reaches to where the first row of another one is.
    const edge = rows.at(descending ? high - 1 : low);
    const isInGroup = (row: Row): boolean => sameGroup(edge.key, row.key, grouping);
    const begin = descending ? rows.findFirst(isInGroup, low, high) : low;
    const end = descending ? high : rows.findFirst((row) => !isInGroup(row), low, high);
    const reduced = reduceRange(rows, begin, end, reducer);
    const valueText = typeof reduced === 'string' ? reduced : await reduced;
    yield { ...groupKey(edge, grouping), valueText };
    if (descending) high = begin;
    else low = end;
  }
}

/** Whether two keys are in the same group. */
export function sameGroup(a: Json, b: Json, grouping: Grouping): boolean {
  if (grouping === 0) return true;
  if (grouping === 'exact' || !Array.isArray(a) || !Array.isArray(b)) return compareKeys(a, b) === 0;
  return compareKeys(a.slice(0, grouping), b.slice(0, grouping)) === 0;
}

function groupKey({ key, keyText }: Row, grouping: Grouping): { key: Json; keyText: string } {
  if (grouping === 0) return { key: null, keyText: 'null' };
  if (grouping === 'exact' || !Array.isArray(key)) return { key, keyText };
  const prefix = key.slice(0, grouping);
  return { key: prefix, keyText: JSON.stringify(prefix) };
}

/** The reduction of the rows from `from` to before `to`, of which there is at least one. */
function reduceRange(rows: SortedRows, from: number, to: number, reducer: Reducer): string | Promise<string> {
  const parts: (string | Promise<string>)[] = [];
  const last = rows.chunkAt(to - 1);
  for (let index = rows.chunkAt(from); index <= last; index++) {
    const chunk = rows.chunks[index]!;
    const offset = rows.offsets[index]!;
    const begin = Math.max(0, from - offset);
    const end = Math.min(chunk.rows.length, to - offset);
    const isWhole = begin === 0 && end === chunk.rows.length;
    parts.push(isWhole ? reduceChunk(chunk, reducer) : reducer.reduce(chunk.rows.slice(begin, end)));
  }
  if (parts.length === 1) return parts[0]!;
  return parts.every((part) => typeof part === 'string')
    ? reducer.rereduce(parts)
    : Promise.all(parts).then((values) => reducer.rereduce(values));
}

function reduceChunk(chunk: Chunk, reducer: Reducer): string | Promise<string> {
  const known = chunk.reductions.get(reducer.source);
  if (known !== undefined) return known;
  const keep = (reduction: string): string => {
    chunk.reductions.set(reducer.source, reduction);
    return reduction;
  };
  const reduced = reducer.reduce(chunk.rows);
  return typeof reduced === 'string' ? keep(reduced) : reduced.then(keep);
}
