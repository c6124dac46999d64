const halves = new Uint32Array(2);
const whole = new BigUint64Array(halves.buffer);
/** Where the lower half stands in the memory of this machine. */
const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;

/**
 * The 64-bit number of two 32-bit halves. Hot function: shifting and joining bigints would take three more of them, and
 * four times as long.
 */
export function u64(high: number, low: number): bigint {
  halves[1 - LOW] = high;
  halves[LOW] = low;
  return whole[0]!;
}
