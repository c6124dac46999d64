import { fromDouble, isInteger } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import {
  arcCosine,
  arcSine,
  arcTangent,
  arcTangentOf,
  cosine,
  decimalLogarithm,
  power,
  sine,
  tangent,
} from './elementary.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isNumber, of1, of1Or2, of2, ranged, unusable } from './operands.js';

type Rounding = (scaled: number) => number;

export const NUMBERS: readonly FunctionSpec[] = [
  ofDouble(['abs'], Math.abs),
  ofDouble(['acos'], arcCosine),
  ofDouble(['asin'], arcSine),
  ofDouble(['atan'], arcTangent),
  ofDouble(['ceil'], Math.ceil),
  ofDouble(['cos'], cosine),
  ofDouble(['degrees', 'deg'], (radians) => (radians * 180) / Math.PI),
  ofDouble(['exp'], Math.exp),
  ofDouble(['floor'], Math.floor),
  ofDouble(['ln'], Math.log),
  ofDouble(['log'], decimalLogarithm),
  ofDouble(['radians', 'rad'], (degrees) => (degrees * Math.PI) / 180),
  ofDouble(['sign'], (number) => (Number.isNaN(number) ? 0 : Math.sign(number))),
  ofDouble(['sin'], sine),
  ofDouble(['sqrt'], Math.sqrt),
  ofDouble(['tan'], tangent),
  ofTwoDoubles('atan2', arcTangentOf),
  ofTwoDoubles('power', power),
  ofDigits(['round', 'round_even'], roundedBy(halfToEven)),
  ofDigits(['round_nearest'], roundedBy(halfAway)),
  ofDigits(['trunc'], (number, digits) => scaled(number, digits, Math.trunc)),
  constant(['e'], Math.E),
  constant(['pi'], Math.PI),
  constant(['nan'], Number.NaN),
  constant(['posinf', 'pos_inf', 'inf'], Infinity),
  constant(['neginf', 'neg_inf'], -Infinity),
  { names: ['random'], minArguments: 0, maxArguments: 1, returns: 'number', deterministic: false, evaluate: random },
];

function ofDouble(names: readonly string[], evaluate: (number: number) => number): FunctionSpec {
  return fixed(
    names,
    1,
    'number',
    of1(isNumber, (number) => fromDouble(evaluate(Number(number)))),
  );
}

function ofTwoDoubles(name: string, evaluate: (a: number, b: number) => number): FunctionSpec {
  return fixed(
    [name],
    2,
    'number',
    of2(isNumber, isNumber, (a, b) => fromDouble(evaluate(Number(a), Number(b)))),
  );
}

/** A function of a number and how many decimal digits to keep; negative digits stand before the point. */
function ofDigits(names: readonly string[], evaluate: (number: number, digits: number) => number): FunctionSpec {
  return ranged(
    names,
    [1, 2],
    'number',
    of1Or2(isNumber, isInteger, 0, (number, digits) => fromDouble(evaluate(Number(number), Number(digits)))),
  );
}

function constant(names: readonly string[], value: number): FunctionSpec {
  return fixed(names, 0, 'number', () => value);
}

function scaled(number: number, digits: number, round: Rounding): number {
  const scale = 10 ** digits;
  return round(number * scale) / scale;
}

function roundedBy(round: Rounding): (number: number, digits: number) => number {
  return (number, digits) => {
    if (!Number.isFinite(number)) return number;
    const absolute = scaled(Math.abs(number), digits, round);
    return number < 0 ? -absolute : absolute;
  };
}

function halfAway(number: number): number {
  return Math.floor(number + 0.5);
}

function halfToEven(number: number): number {
  const above = number + 0.5;
  const rounded = Math.floor(above);
  return rounded === above && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** With a seed, the number is a function of it. */
function random(context: { random(): number }, ...operands: readonly Value[]): Value {
  if (operands.length === 0) return context.random();
  const [seed] = operands;
  if (!isInteger(seed)) return unusable(operands);
  let state = Number(BigInt.asUintN(32, BigInt(seed) * 0x9e3779b97f4a7c15n));
  state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
}
