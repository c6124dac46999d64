const MEGABYTE = 2 ** 20;

/** Megabytes that JavaScript's objects take, and the buffers that belong to them. */
export function megabytesUsed(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MEGABYTE;
}

/** The same, when what nobody needs is gone. Takes `--expose-gc`. */
export function megabytesNeeded(): number {
  // What the first collection finalizes is freed by the second.
  for (let time = 0; time < 2; time++) globalThis.gc!();
  return megabytesUsed();
}
