const LARGEST_EXACT = 2 ** 53;
const LARGEST_EXACT_INTEGER = BigInt(LARGEST_EXACT);
const LEAST_INT64 = -(2n ** 63n);
const LARGEST_INT64 = 2n ** 63n - 1n;
/** The first double beyond the integers of 64 bits. */
const BEYOND_INT64 = 2 ** 63;

/** Returns the value that a computed double has: a whole number of 64 bits is an integer from then on. */
export function fromDouble(number: number): number | bigint {
  if (number <= LARGEST_EXACT && number >= -LARGEST_EXACT) return number;
  return number >= -BEYOND_INT64 && number < BEYOND_INT64 ? BigInt(number) : number;
}

/** Returns the value that a computed integer has: a double if it does not fit in 64 bits. */
export function fromInteger(integer: bigint): number | bigint {
  if (integer <= LARGEST_EXACT_INTEGER && integer >= -LARGEST_EXACT_INTEGER) return Number(integer);
  return integer <= LARGEST_INT64 && integer >= LEAST_INT64 ? integer : Number(integer);
}

/** Tells whether the value is a whole number that fits in 64 bits. */
export function isInteger(value: unknown): value is number | bigint {
  if (typeof value === 'bigint') return true;
  return Number.isInteger(value) && (value as number) >= -BEYOND_INT64 && (value as number) < BEYOND_INT64;
}

/**
 * Returns the text of a number as the engine prints it: the shortest digits that read back as the same number, never with
 * an exponent. NaN and the infinities have names.
 */
export function numberText(number: number | bigint): string {
  const text = String(number);
  if (typeof number === 'bigint') return text;
  if (number === Infinity) return '+Infinity';
  const e = text.indexOf('e');
  return e < 0 ? text : withoutExponent(text, e);
}

function withoutExponent(text: string, e: number): string {
  const sign = text.startsWith('-') ? '-' : '';
  const point = text.indexOf('.');
  const whole = text.slice(sign.length, point < 0 ? e : point);
  const digits = point < 0 ? whole : whole + text.slice(point + 1, e);
  const places = whole.length + Number(text.slice(e + 1));
  return sign + (places <= 0 ? `0.${'0'.repeat(-places)}${digits}` : digits.padEnd(places, '0'));
}

/**
 * Tells whether a number counts as an integer in calculations and comparisons: doubles beyond ±2^53 do not, though they are
 * whole.
 */
export function isExact(number: number | bigint): boolean {
  return (
    typeof number === 'bigint' || (Number.isInteger(number) && number <= LARGEST_EXACT && number >= -LARGEST_EXACT)
  );
}

/** Returns a number below, at or above 0; an integer against a double that is not exact is compared as a double. */
export function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (typeof left === typeof right) return compareAlike(left, right);
  const exact = isExact(left) && isExact(right);
  return exact ? compareAlike(left, right) : compareAlike(Number(left), Number(right));
}

/** NaN comes first. */
function compareAlike(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  // biome-ignore lint/suspicious/noDoubleEquals: an exact double and an integer of 64 bits are compared by value.
  if (left == right) return 0;
  // biome-ignore lint/suspicious/noSelfCompare: only NaN differs from itself.
  return Number(left === left) - Number(right === right);
}

/** Adds as the engine does: integers exactly if the sum fits in 64 bits, else doubles. */
export function addNumbers(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if ((sum <= LARGEST_EXACT && sum >= -LARGEST_EXACT) || !isExact(left) || !isExact(right)) return sum;
  }
  const sum = isExact(left) && isExact(right) ? fromInteger(BigInt(left) + BigInt(right)) : undefined;
  return sum !== undefined && isExact(sum) ? sum : Number(left) + Number(right);
}
