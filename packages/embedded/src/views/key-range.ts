import type { Json } from './collation.js';
import { compareToPlace } from './row.js';
import type { SortedRows } from './sorted-rows.js';
import type { Bound, ViewParams } from './view-params.js';

/** Some rows that follow each other: from `from` to before `to`. */
export interface KeyRange {
  readonly from: number;
  readonly to: number;
}

/** The ranges that a query is about, in the order in which it wants them: one, or one for each of its keys. */
export function keyRanges(rows: SortedRows, params: ViewParams): KeyRange[] {
  if (params.keys === undefined) return [rangeOf(rows, params)];
  return params.keys.map((key) => rangeOf(rows, ofKey(params, key)));
}

function ofKey(params: ViewParams, key: Json): ViewParams {
  return { ...params, start: { key, id: params.startId }, end: { key, id: params.endId } };
}

function rangeOf(rows: SortedRows, { start, end, descending, inclusiveEnd }: ViewParams): KeyRange {
  const [lower, upper] = descending ? [end, start] : [start, end];
  const takesLower = !descending || inclusiveEnd;
  const takesUpper = descending || inclusiveEnd;
  const from = lower === undefined ? 0 : firstFrom(rows, lower, takesLower);
  const to = upper === undefined ? rows.length : firstFrom(rows, upper, !takesUpper);
  return { from, to: Math.max(from, to) };
}

/** The first row behind a place, or, inclusive, at it. */
function firstFrom(rows: SortedRows, { key, id }: Bound, inclusive: boolean): number {
  return rows.findFirst((row) => {
    const order = compareToPlace(row, key, id);
    return inclusive ? order >= 0 : order > 0;
  });
}
