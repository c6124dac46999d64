const halves = new Uint32Array(2);
const whole = new BigUint64Array(halves.buffer);
/** Index of the lower half in the memory of this machine. */
const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;

/**
 * Returns the 64-bit number of two 32-bit halves. Hot function: shifting and joining bigints would create three more of
 * them, and take four times as long.
 */
export function u64(high: number, low: number): bigint {
  halves[1 - LOW] = high;
  halves[LOW] = low;
  return whole[0]!;
}
