/**
 * Elementary functions as the engine rounds them, after the algorithms of the Cephes library (Stephen Moshier). JavaScript's
 * own differ in the last digit.
 */

/** π/4 in three parts, so that multiples of the first two are exact. */
const QUARTER_HIGH = 0.7853981256484985;
const QUARTER_MIDDLE = 3.774894707930798e-8;
const QUARTER_LOW = 2.6951514290790595e-15;
/** From here on, arguments are reduced with all digits of π that matter. */
const LARGE = 2 ** 29;
/** From here on, doubles are whole. */
const WHOLE = 2 ** 53;
/** Most bits behind the point of a double that is large. */
const SCALE = 24;
/** Bits of 4/π behind the point: for the largest double, and 128 to spare. */
const DIGITS = 1152n;

const SINE = [
  1.5896230157654656e-10, -2.5050747762857807e-8, 0.0000027557313621385722, -0.0001984126982958954,
  0.008333333333322118, -0.1666666666666663,
];
const COSINE = [
  -1.1358536521387682e-11, 2.087570084197473e-9, -2.755731417929674e-7, 0.000024801587288851704, -0.0013888888888873056,
  0.041666666666666595,
];
const TANGENT_ABOVE = [-13093.693918138373, 1153516.6483858742, -17956525.197648488];
const TANGENT_BELOW = [1, 13681.296347069296, -1320892.3444021097, 25008380.18233579, -53869575.592945464];
const ARC_ABOVE = [
  -0.8750608600031904, -16.157537187333652, -75.00855792314705, -122.88666844901361, -64.85021904942025,
];
const ARC_BELOW = [1, 24.858464901423062, 165.02700983169885, 432.88106049129027, 485.3903996359137, 194.5506571482614];
/** What π/2 as a double lacks. */
const HALF_REST = 6.123233995736766e-17;

let fourByPi: bigint | undefined;

export function sine(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x === 0 ? x : Number.NaN;
  const [octant, rest] = reduced(Math.abs(x));
  const value = octant % 4 === 1 || octant % 4 === 2 ? cosineNearZero(rest) : sineNearZero(rest);
  return x < 0 !== octant > 3 ? -value : value;
}

export function cosine(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const [octant, rest] = reduced(Math.abs(x));
  const quarter = octant % 4;
  const value = quarter === 1 || quarter === 2 ? sineNearZero(rest) : cosineNearZero(rest);
  return octant > 3 !== quarter > 1 ? -value : value;
}

export function tangent(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x === 0 ? x : Number.NaN;
  const [octant, z] = reduced(Math.abs(x));
  const zz = z * z;
  const near = zz > 1e-14 ? z + z * ((zz * polynomial(TANGENT_ABOVE, zz)) / polynomial(TANGENT_BELOW, zz)) : z;
  const value = (octant & 2) === 2 ? -1 / near : near;
  return x < 0 ? -value : value;
}

export function arcTangent(x: number): number {
  return x === 0 ? x : x > 0 ? positiveArc(x) : -positiveArc(-x);
}

export function arcSine(x: number): number {
  const absolute = Math.abs(x);
  if (x === 0 || !(absolute <= 1)) return x === 0 ? x : Number.NaN;
  const other = Math.sqrt(1 - absolute * absolute);
  const value = absolute > 0.7 ? Math.PI / 2 - positiveArc(other / absolute) : positiveArc(absolute / other);
  return x < 0 ? -value : value;
}

export function arcCosine(x: number): number {
  return Math.PI / 2 - arcSine(x);
}

/** The angle of a point, from -π to π. */
export function arcTangentOf(y: number, x: number): number {
  if (x === 0 || y === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return Math.atan2(y, x);
  const angle = arcTangent(y / x);
  if (x > 0) return angle;
  return angle <= 0 ? angle + Math.PI : angle - Math.PI;
}

export function decimalLogarithm(x: number): number {
  return Math.log(x) * Math.LOG10E;
}

/** Raises to a power by squaring, with the exponent of two kept apart. */
export function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  if (exponent === 0.5) return Math.sqrt(base);
  if (exponent === -0.5) return 1 / Math.sqrt(base);
  const absolute = Math.abs(exponent);
  const plain = base === 0 || exponent === 0 || exponent === 1 || !Number.isFinite(base) || !(absolute < 2 ** 53);
  if (plain || (base < 0 && !Number.isInteger(exponent))) return base ** exponent;
  let whole = Math.trunc(absolute);
  let rest = absolute - whole;
  if (rest > 0.5) {
    rest--;
    whole++;
  }
  return squared(base, whole, rest === 0 ? 1 : Math.exp(rest * Math.log(base)), exponent < 0);
}

function squared(base: number, whole: number, start: number, inverse: boolean): number {
  let [factor, factorExponent] = parts(base);
  let [result, exponent] = [start, 0];
  for (let left = whole; left > 0; left = Math.floor(left / 2)) {
    if (Math.abs(factorExponent) > 4096) {
      exponent += factorExponent;
      break;
    }
    if (left % 2 === 1) {
      result *= factor;
      exponent += factorExponent;
    }
    factor *= factor;
    factorExponent *= 2;
    if (factor < 0.5) {
      factor += factor;
      factorExponent--;
    }
  }
  return inverse ? timesPowerOfTwo(1 / result, -exponent) : timesPowerOfTwo(result, exponent);
}

/** Splits a number into a fraction from 0.5 to below 1 (by its size) and an exponent of two. */
function parts(x: number): [fraction: number, exponent: number] {
  let exponent = Math.max(-1022, Math.min(1023, Math.floor(Math.log2(Math.abs(x))) + 1));
  let fraction = x / 2 ** exponent;
  for (; Math.abs(fraction) >= 1; exponent++) fraction /= 2;
  for (; Math.abs(fraction) < 0.5; exponent--) fraction *= 2;
  return [fraction, exponent];
}

/** Multiplies in steps that do not leave the doubles before the last. */
function timesPowerOfTwo(x: number, exponent: number): number {
  let [result, left] = [x, Math.max(-4096, Math.min(4096, exponent))];
  for (; left > 1000; left -= 1000) result *= 2 ** 1000;
  for (; left < -1000; left += 1000) result *= 2 ** -1000;
  return result * 2 ** left;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[0] as number;
  for (let at = 1; at < coefficients.length; at++) sum = sum * x + (coefficients[at] as number);
  return sum;
}

function sineNearZero(z: number): number {
  const zz = z * z;
  return z + z * zz * polynomial(SINE, zz);
}

function cosineNearZero(z: number): number {
  const zz = z * z;
  return 1 - 0.5 * zz + zz * zz * polynomial(COSINE, zz);
}

function arcNearZero(x: number): number {
  const xx = x * x;
  return x * ((xx * polynomial(ARC_ABOVE, xx)) / polynomial(ARC_BELOW, xx)) + x;
}

function positiveArc(x: number): number {
  if (x <= 0.66) return arcNearZero(x);
  if (x > 1 + Math.SQRT2) return Math.PI / 2 - arcNearZero(1 / x) + HALF_REST;
  return Math.PI / 4 + arcNearZero((x - 1) / (x + 1)) + 0.5 * HALF_REST;
}

/** Returns the octant of a positive angle, made even, and what is left of the angle, from -π/4 to π/4. */
function reduced(x: number): [octant: number, rest: number] {
  if (x >= LARGE) return reducedLarge(x);
  let octant = Math.trunc(x * (4 / Math.PI));
  octant += octant % 2;
  return [octant % 8, x - octant * QUARTER_HIGH - octant * QUARTER_MIDDLE - octant * QUARTER_LOW];
}

function reducedLarge(x: number): [octant: number, rest: number] {
  fourByPi ??= fourDividedByPi();
  const scale = x < WHOLE ? 2 ** SCALE : 1;
  const product = (BigInt(x * scale) * fourByPi) / BigInt(scale);
  const octant = Number((product >> DIGITS) & 7n);
  const behind = product & ((1n << DIGITS) - 1n);
  const cut = behind.toString(2).length - 53;
  const fraction = Number(behind >> BigInt(cut)) * 2 ** (cut - Number(DIGITS));
  return octant % 2 === 0 ? [octant, fraction * (Math.PI / 4)] : [(octant + 1) % 8, (fraction - 1) * (Math.PI / 4)];
}

/** 4/π times 2 to the power of {@link DIGITS}, by Machin's formula. */
function fourDividedByPi(): bigint {
  const one = 1n << (DIGITS + 64n);
  const quarterOfPi = 4n * arcOfInverse(5n, one) - arcOfInverse(239n, one);
  return (one << DIGITS) / quarterOfPi;
}

function arcOfInverse(x: bigint, one: bigint): bigint {
  let sum = 0n;
  let term = one / x;
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += n % 4n === 1n ? term / n : -(term / n);
    term /= x * x;
  }
  return sum;
}
