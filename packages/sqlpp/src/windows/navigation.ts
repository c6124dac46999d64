import { createSum } from '../aggregates/sum.js';
import { isInteger } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import { aggregateFrames } from './framed-aggregate.js';
import type { WindowFunctionSpec, WindowRows } from './window-function-spec.js';

const isKnown = (value: Value): boolean => value !== undefined && value !== null;

/** LAG and LEAD: the value of the row that is some rows away, in `direction`. */
function shifted(rows: WindowRows, direction: 1 | -1): (at: number) => Value {
  const { length } = rows.partition;
  return (at) => {
    const offset = rows.operandCount > 1 ? rows.operand(1, at) : 1;
    const outside = rows.operandCount > 2 ? rows.operand(2, at) : null;
    if (!isInteger(offset) || offset < 0) return null;
    const found = rows.ignoreNulls ? skipUnknown(rows, at, Number(offset), direction) : at + Number(offset) * direction;
    return found >= 0 && found < length ? rows.operand(0, found) : outside;
  };
}

function skipUnknown(rows: WindowRows, from: number, count: number, direction: 1 | -1): number {
  let at = from;
  for (let left = count; left > 0; ) {
    at += direction;
    if (at < 0 || at >= rows.partition.length) return -1;
    if (isKnown(rows.operand(0, at))) left--;
  }
  return at;
}

/** The value of the row at a place of the frame, counted from its first or last row; NULL if the frame ends before. */
function nth(rows: WindowRows, current: number, place: number, fromLast: boolean): Value {
  const { frame } = rows;
  const start = frame.start(current);
  const end = frame.end(current);
  const step = fromLast ? -1 : 1;
  let left = place;
  for (let at = fromLast ? end - 1 : start; at >= start && at < end; at += step) {
    if (frame.isExcluded(at, current)) continue;
    const value = rows.operand(0, at);
    if (rows.ignoreNulls && !isKnown(value)) continue;
    if (--left === 0) return value;
  }
  return null;
}

function ofFrame(
  name: string,
  operands: number,
  value: (rows: WindowRows, current: number) => Value,
): WindowFunctionSpec {
  return {
    name,
    minArguments: operands,
    maxArguments: operands,
    returns: 'json',
    needsOrder: false,
    takesFrame: true,
    results: (rows) => (at) => value(rows, at),
  };
}

function nthValue(rows: WindowRows, current: number): Value {
  const place = rows.operand(1, current);
  return isInteger(place) && place > 0 ? nth(rows, current, Number(place), rows.fromLast) : null;
}

/** Each value divided by the sum over the frame of its row. */
function ratios(rows: WindowRows): (at: number) => Value {
  const sumOf = aggregateFrames(rows, createSum, () => true);
  return (at) => {
    const sum = sumOf(at);
    const value = rows.operand(0, at);
    return isNumber(value) && isNumber(sum) && Number(sum) !== 0 ? Number(value) / Number(sum) : null;
  };
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function shift(name: string, direction: 1 | -1): WindowFunctionSpec {
  return {
    name,
    minArguments: 1,
    maxArguments: 3,
    returns: 'json',
    needsOrder: true,
    takesFrame: false,
    results: (rows) => shifted(rows, direction),
  };
}

export const NAVIGATION: readonly WindowFunctionSpec[] = [
  shift('lag', -1),
  shift('lead', 1),
  ofFrame('first_value', 1, (rows, current) => nth(rows, current, 1, false)),
  ofFrame('last_value', 1, (rows, current) => nth(rows, current, 1, true)),
  ofFrame('nth_value', 2, nthValue),
  {
    name: 'ratio_to_report',
    minArguments: 1,
    maxArguments: 1,
    returns: 'number',
    needsOrder: false,
    takesFrame: true,
    results: ratios,
  },
];
