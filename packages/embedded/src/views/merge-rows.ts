import { compareKeys } from './collation.js';
import type { ReducedRow } from './group-rows.js';
import type { Reducer } from './reduce.js';
import { compareRows, type Row } from './row.js';

/** A row with the number of the source that it came from. */
export interface SourcedRow {
  readonly row: Row;
  readonly source: number;
}

/** The rows of several sources, each in order, as one in order. */
export function* mergeRows(sources: readonly Iterator<Row>[], descending: boolean): IterableIterator<SourcedRow> {
  const heads = sources.map((source) => source.next());
  for (;;) {
    let nearest = -1;
    for (const [index, head] of heads.entries()) {
      if (head.done) continue;
      const best = heads[nearest];
      if (best === undefined) {
        nearest = index;
        continue;
      }
      const order = compareRows(head.value, best.value);
      if (descending ? order > 0 : order < 0) nearest = index;
    }
    if (nearest < 0) return;
    yield { row: heads[nearest]!.value, source: nearest };
    heads[nearest] = sources[nearest]!.next();
  }
}

/** Maximum number of groups that are merged at once; the first ones are delivered one by one, for queries that need no more. */
const GROUPS_MAX = 128;

/** Reduced rows of several sources, each in order, as one in order; what is of the same key is reduced once more. */
export async function* mergeReduced(
  sources: readonly AsyncIterator<ReducedRow>[],
  reducer: Reducer,
  descending: boolean,
): AsyncGenerator<ReducedRow> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  let size = 1;
  let batch: ReducedRow[][] = [];
  for (;;) {
    const group = nearestGroup(heads, descending);
    if (group.length === 0) break;
    batch.push(group.map((index): ReducedRow => heads[index]!.value));
    for (const index of group) heads[index] = await sources[index]!.next();
    if (batch.length < size) continue;
    yield* await rereduce(batch, reducer);
    batch = [];
    size = Math.min(2 * size, GROUPS_MAX);
  }
  yield* await rereduce(batch, reducer);
}

async function rereduce(groups: readonly (readonly ReducedRow[])[], reducer: Reducer): Promise<ReducedRow[]> {
  const several = groups.filter(({ length }) => length > 1);
  const values = await reducer.rereduce(several.map((rows) => rows.map(({ valueText }) => valueText)));
  return groups.map((rows) => (rows.length === 1 ? rows[0]! : { ...rows[0]!, valueText: values.shift()! }));
}

/** The sources whose next row has the nearest key. */
function nearestGroup(heads: readonly IteratorResult<ReducedRow>[], descending: boolean): number[] {
  let group: number[] = [];
  for (const [index, head] of heads.entries()) {
    if (head.done) continue;
    const best = group[0];
    const order = best === undefined ? 0 : compareKeys(head.value.key, heads[best]!.value.key);
    if (best === undefined || (descending ? order > 0 : order < 0)) group = [index];
    else if (order === 0) group.push(index);
  }
  return group;
}
