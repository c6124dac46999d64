import type { Evaluate, Row, Run } from '../../expressions/run.js';
import { EvaluationError } from '../../functions/evaluation-error.js';
import type { IndexBound, IndexRange, IndexSpan } from '../../keyspaces/index-scan.js';
import type { Expression } from '../../syntax/expression.js';
import { compare } from '../../values/collation.js';
import type { Value } from '../../values/value.js';
import type { KeyBound, KeyRange } from './key-range.js';

/** Spans above this number are made of fewer keys. */
const SPANS_MAX = 1024;

const ANYTHING: readonly IndexRange[] = [{}];

/** Ranges of a column: the value lies in one of each list. */
export type ColumnRanges = readonly (readonly KeyRange[])[];

/** Finds spans when an index is scanned. */
export type SpansOf = (row: Row, run: Run) => readonly IndexSpan[];

/** Compiles ranges of the leading columns to the spans that an index is scanned by. */
export function compileSpans(columns: readonly ColumnRanges[], compile: (expression: Expression) => Evaluate): SpansOf {
  const codes = columns.map((lists) => lists.map((list) => list.map((range) => compileRange(range, compile))));
  return (row, run) => {
    let spans: readonly IndexSpan[] = [{ ranges: [] }];
    for (const lists of codes) {
      const ranges = columnRanges(lists, row, run);
      if (spans.length * ranges.length > SPANS_MAX) break;
      spans = spans.flatMap((span) => ranges.map((range) => ({ ranges: [...span.ranges, range] })));
    }
    return spans;
  };
}

type RangeCode = (row: Row, run: Run) => readonly IndexRange[];

function columnRanges(lists: readonly (readonly RangeCode[])[], row: Row, run: Run): readonly IndexRange[] {
  let ranges = ANYTHING;
  for (const list of lists) {
    const alternatives = list.flatMap((code) => code(row, run));
    if (ranges !== ANYTHING && ranges.length * alternatives.length > SPANS_MAX) continue;
    ranges = ranges.flatMap((range) => alternatives.flatMap((other) => intersection(range, other) ?? []));
  }
  return ranges;
}

function compileRange(range: KeyRange, compile: (expression: Expression) => Evaluate): RangeCode {
  if (range.kind === 'each') return eachOf(compile(range.values));
  const low = range.low && compileBound(range.low, compile);
  const high = range.high && compileBound(range.high, compile);
  return (row, run) => {
    try {
      return [{ low: low?.(row, run), high: high?.(row, run) }];
    } catch (error) {
      return anythingAt(error);
    }
  };
}

function compileBound(
  { value, inclusive }: KeyBound,
  compile: (expression: Expression) => Evaluate,
): (row: Row, run: Run) => IndexBound {
  const code = compile(value);
  return (row, run) => ({ value: code(row, run), inclusive });
}

/** What is not an array has no elements. */
function eachOf(code: Evaluate): RangeCode {
  return (row, run) => {
    try {
      const values = code(row, run);
      if (!Array.isArray(values)) return [];
      return (values as readonly Value[]).map((value): IndexRange => {
        const bound = { value, inclusive: true };
        return { low: bound, high: bound };
      });
    } catch (error) {
      return anythingAt(error);
    }
  };
}

/** An expression that cannot be evaluated fails where it stands, if a document is looked at at all. */
function anythingAt(error: unknown): readonly IndexRange[] {
  if (error instanceof EvaluationError) return ANYTHING;
  throw error;
}

/** Returns what lies in both ranges; nothing if that is nothing. */
export function intersection(left: IndexRange, right: IndexRange): IndexRange | undefined {
  const low = tighter(left.low, right.low, 1);
  const high = tighter(left.high, right.high, -1);
  if (low === undefined || high === undefined) return { low, high };
  const order = compare(low.value, high.value);
  return order > 0 || (order === 0 && !(low.inclusive && high.inclusive)) ? undefined : { low, high };
}

function tighter(left: IndexBound | undefined, right: IndexBound | undefined, sign: number): IndexBound | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const order = sign * compare(left.value, right.value);
  if (order === 0) return left.inclusive ? right : left;
  return order > 0 ? left : right;
}
