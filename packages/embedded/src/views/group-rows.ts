import { compareKeys, type Json } from './collation.js';
import type { KeyRange } from './key-range.js';
import { checkReduction, type Reducer } from './reduce.js';
import type { Row } from './row.js';
import type { Chunk, SortedRows } from './sorted-rows.js';
import type { Grouping } from './view-params.js';

/** One row of a reduced view. */
export interface ReducedRow {
  readonly key: Json;
  readonly keyText: string;
  readonly valueText: string;
}

/** Maximum number of groups that are reduced at once; the first ones are delivered one by one, for queries that need no more. */
const GROUPS_MAX = 128;

/** Some rows that make one row of the answer. */
interface Group extends KeyRange {
  /** The row that the group is come to by. */
  readonly edge: Row;
}

/**
 * Reduces the rows of a range, group by group. A whole chunk is reduced once and the result kept with it, so that what
 * a query costs is the number of its groups and chunks, not of its rows.
 */
export async function* groupRows(
  rows: SortedRows,
  range: KeyRange,
  grouping: Grouping,
  reducer: Reducer,
  descending: boolean,
): AsyncGenerator<ReducedRow> {
  let size = 1;
  let batch: Group[] = [];
  for (const group of groupsOf(rows, range, grouping, descending)) {
    if (batch.push(group) < size) continue;
    yield* await reduceGroups(rows, batch, grouping, reducer);
    batch = [];
    size = Math.min(2 * size, GROUPS_MAX);
  }
  yield* await reduceGroups(rows, batch, grouping, reducer);
}

/**
 * Reduces all rows, as a server does when it builds an index.
 * @throws ReduceError when the function fails, or when a result is too large to be kept.
 */
export async function reduceAll(rows: SortedRows, reducer: Reducer): Promise<void> {
  if (rows.length === 0) return;
  const group = { edge: rows.at(0), from: 0, to: rows.length };
  const [total] = await reduceGroups(rows, [group], 0, reducer);
  const kept = rows.chunks.map(({ reductions }) => reductions.get(reducer.source)!);
  for (const value of [...kept, total!.valueText]) checkReduction(value);
}

function* groupsOf(
  rows: SortedRows,
  { from, to }: KeyRange,
  grouping: Grouping,
  descending: boolean,
): IterableIterator<Group> {
  let [low, high] = [from, to];
  while (low < high) {
    // The group that has the row at the near end reaches to where the first row of another one is.
    const edge = rows.at(descending ? high - 1 : low);
    const isInGroup = (row: Row): boolean => sameGroup(edge.key, row.key, grouping);
    const begin = descending ? rows.findFirst(isInGroup, low, high) : low;
    const end = descending ? high : rows.findFirst((row) => !isInGroup(row), low, high);
    yield { edge, from: begin, to: end };
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

/** A part of a group: a whole chunk, or some of one. */
interface Part {
  readonly rows: readonly Row[];
  /** Undefined unless the chunk is whole. */
  readonly chunk: Chunk | undefined;
}

async function reduceGroups(
  rows: SortedRows,
  groups: readonly Group[],
  grouping: Grouping,
  reducer: Reducer,
): Promise<ReducedRow[]> {
  const parts = groups.map((group) => partsOf(rows, group));
  const reductions = await reduceParts(parts.flat(), reducer);
  const values = parts.map((list) => list.map((part) => reductions.get(part)!));
  const rereduced = await reducer.rereduce(values.filter(({ length }) => length > 1));
  return groups.map(({ edge }, index) => {
    const valueText = values[index]!.length > 1 ? rereduced.shift()! : values[index]![0]!;
    return { ...groupKey(edge, grouping), valueText };
  });
}

function partsOf(rows: SortedRows, { from, to }: KeyRange): Part[] {
  const parts: Part[] = [];
  const last = rows.chunkAt(to - 1);
  for (let index = rows.chunkAt(from); index <= last; index++) {
    const chunk = rows.chunks[index]!;
    const begin = Math.max(0, from - rows.offsets[index]!);
    const end = Math.min(chunk.rows.length, to - rows.offsets[index]!);
    const isWhole = begin === 0 && end === chunk.rows.length;
    parts.push({ rows: isWhole ? chunk.rows : chunk.rows.slice(begin, end), chunk: isWhole ? chunk : undefined });
  }
  return parts;
}

/** What the reducer makes of each part; of chunks, what it made of them before. */
async function reduceParts(parts: readonly Part[], reducer: Reducer): Promise<Map<Part, string>> {
  const reductions = new Map<Part, string>();
  for (const part of parts) {
    const known = part.chunk?.reductions.get(reducer.source);
    if (known !== undefined) reductions.set(part, known);
  }
  const unknown = parts.filter((part) => !reductions.has(part));
  const reduced = await reducer.reduce(unknown.map(({ rows }) => rows));
  for (const [index, part] of unknown.entries()) {
    reductions.set(part, reduced[index]!);
    part.chunk?.reductions.set(reducer.source, reduced[index]!);
  }
  return reductions;
}
