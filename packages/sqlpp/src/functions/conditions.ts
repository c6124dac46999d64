import { compare } from '../values/collation.js';
import { equal } from '../values/equality.js';
import type { Value } from '../values/value.js';
import { isKnown } from './arrays.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isNumber, MANY, ranged } from './operands.js';

/** Most operands of DECODE. */
const MOST_OF_DECODE = 2 ** 31 - 1;

/** Functions that choose one of their operands. */
export const CONDITIONS: readonly FunctionSpec[] = [
  firstOf(['if_missing', 'ifmissing'], (value) => value !== undefined),
  firstOf(['if_null', 'ifnull'], (value) => value !== null),
  firstOf(['if_missing_or_null', 'ifmissingornull', 'coalesce'], isKnown),
  firstNumber(['if_inf', 'ifinf'], (number) => Math.abs(number) !== Infinity),
  firstNumber(['if_nan', 'ifnan'], (number) => !Number.isNaN(number)),
  firstNumber(['if_nan_or_inf', 'ifnanorinf'], Number.isFinite),
  ifEqual(['missing_if', 'missingif'], undefined),
  ifEqual(['null_if', 'nullif'], null),
  ifEqual(['nan_if', 'nanif'], Number.NaN),
  ifEqual(['posinf_if', 'posinfif'], Infinity),
  ifEqual(['neginf_if', 'neginfif'], -Infinity),
  fixed(['nvl'], 2, 'json', (_context, value, other) => (isKnown(value) ? value : other)),
  fixed(['nvl2'], 3, 'json', (_context, value, known, other) => (isKnown(value) ? known : other)),
  ranged(['decode'], [3, MOST_OF_DECODE], 'json', decode),
  extreme('greatest', 1),
  extreme('least', -1),
];

function firstOf(names: readonly string[], isAccepted: (value: Value) => boolean): FunctionSpec {
  return ranged(names, [2, MANY], 'json', (_context, ...operands) => {
    for (const operand of operands) {
      if (isAccepted(operand)) return operand;
    }
    return null;
  });
}

/** Operands that are MISSING are passed over, unless all are; others that are not numbers make it NULL. */
function firstNumber(names: readonly string[], isAccepted: (number: number) => boolean): FunctionSpec {
  return ranged(names, [2, MANY], 'number', (_context, ...operands) => {
    let result: undefined | null;
    for (const operand of operands) {
      if (operand === undefined) continue;
      if (!isNumber(operand)) return null;
      if (isAccepted(Number(operand))) return operand;
      result = null;
    }
    return result;
  });
}

function ifEqual(names: readonly string[], instead: Value): FunctionSpec {
  return fixed(names, 2, 'json', (_context, value, other) => {
    const same = equal(value, other);
    if (same === true) return instead;
    return same === false ? value : same;
  });
}

function decode(_context: unknown, value: Value, ...cases: readonly Value[]): Value {
  for (let at = 0; at + 1 < cases.length; at += 2) {
    if (equal(value, cases[at]) === true) return cases[at + 1];
  }
  return cases.length % 2 === 1 ? cases.at(-1) : null;
}

function extreme(name: string, sign: 1 | -1): FunctionSpec {
  return ranged([name], [2, MANY], 'json', (_context, ...operands) => {
    let best: Value = null;
    for (const operand of operands) {
      if (isKnown(operand) && (best === null || compare(operand, best) * sign > 0)) best = operand;
    }
    return best;
  });
}
