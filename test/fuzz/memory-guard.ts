/** More than this at once is not what a few small documents take. */
const GROWTH_BYTES_MAX = 384 * 1024 * 1024;

/** Looks at how much memory the process holds since the guard was made. */
export class MemoryGuard {
  readonly #before = heldBytes();

  /** What is wrong with it. */
  faults(): string[] {
    const grown = heldBytes() - this.#before;
    return grown > GROWTH_BYTES_MAX ? [`the process holds ${Math.round(grown / 2 ** 20)} MiB more`] : [];
  }
}

function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
