import { constantOf } from '../../expressions/constant.js';
import type { IndexRange } from '../../keyspaces/index-scan.js';
import type { Expression } from '../../syntax/expression.js';
import { compare } from '../../values/collation.js';
import type { ShapedCondition } from './index-shape.js';
import { type KeyRange, rangesOf } from './key-range.js';
import { shapeOf } from './shape.js';
import { intersection } from './span-code.js';

/** Predicates that are all true, with what their slots are called. */
export interface Predicates {
  readonly all: readonly Expression[];
  readonly names: ReadonlyMap<number, string>;
}

/** Tells whether a condition is true wherever all of the predicates are: by its text, or by the ranges that they leave. */
export function isImplied(condition: ShapedCondition, { all, names }: Predicates): boolean {
  if (all.some((predicate) => shapeOf(predicate, names) === condition.shape)) return true;
  const subject = subjectOf(condition.value);
  if (subject === undefined) return false;
  const shape = shapeOf(subject, condition.names);
  const wanted = constantRanges(condition.value, shape, condition.names);
  if (wanted === undefined) return false;
  return all.some((predicate) => {
    const given = constantRanges(predicate, shape, names);
    return given?.every((range) => wanted.some((each) => isWithin(range, each))) === true;
  });
}

/** Returns what a condition compares with constants. */
function subjectOf(condition: Expression): Expression | undefined {
  switch (condition.kind) {
    case 'binary': {
      const { left, right } = condition;
      if (condition.operator === 'or' || condition.operator === 'and') return subjectOf(left);
      return constantOf(left) === undefined ? left : right;
    }
    case 'between':
    case 'like':
      return condition.value;
    case 'is':
      return condition.operand;
    default:
      return undefined;
  }
}

function constantRanges(
  predicate: Expression,
  shape: string,
  names: ReadonlyMap<number, string>,
): readonly IndexRange[] | undefined {
  const ranges = rangesOf(predicate, {
    isKey: (expression) => shapeOf(expression, names) === shape,
    isKnown: (expression) => constantOf(expression) !== undefined,
  });
  const constant = ranges?.map(constantRange);
  return constant?.every((range) => range !== undefined) === true ? constant : undefined;
}

function constantRange(range: KeyRange): IndexRange | undefined {
  if (range.kind === 'each') return undefined;
  const low = range.low && constantOf(range.low.value);
  const high = range.high && constantOf(range.high.value);
  if ((range.low !== undefined && low === undefined) || (range.high !== undefined && high === undefined))
    return undefined;
  return {
    low: range.low && low && { value: low.value, inclusive: range.low.inclusive },
    high: range.high && high && { value: high.value, inclusive: range.high.inclusive },
  };
}

function isWithin(inner: IndexRange, outer: IndexRange): boolean {
  const both = intersection(inner, outer);
  if (both === undefined) return false;
  return isSameBound(both.low, inner.low) && isSameBound(both.high, inner.high);
}

function isSameBound(left: IndexRange['low'], right: IndexRange['low']): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.inclusive === right.inclusive && compare(left.value, right.value) === 0;
}
