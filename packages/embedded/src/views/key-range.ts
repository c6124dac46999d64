import type { Json } from './collation.js';
import { compareToPlace } from './row.js';
import type { SortedRows } from './sorted-rows.js';
import type { ViewParams } from './view-params.js';

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
  const from =
    lower === undefined ? 0 : rows.findFirst((row) => compareToPlace(row, lower.key, lower.id) >= (takesLower ? 0 : 1));
  const to =
    upper === undefined
      ? rows.length
      : rows.findFirst((row) => compareToPlace(row, upper.key, upper.id) >= (takesUpper ? 1 : 0));
  return { from, to: Math.max(from, to) };
}
