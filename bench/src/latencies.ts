/**
 * The times that single operations took. They must end in the order in which they began, as those at one connection do:
 * the n-th end is that of the n-th beginning.
 */
export class Latencies {
  /** When operations began, and from the first on, as they end, how long they took. */
  readonly #usecs: Float64Array;
  #begun = 0;
  #count = 0;

  /** @param isKept if not, it does nothing */
  constructor(operations: number, isKept: boolean) {
    this.#usecs = new Float64Array(isKept ? operations : 0);
  }

  begin(): void {
    if (this.#usecs.length > 0) this.#usecs[this.#begun++] = performance.now();
  }

  end(): void {
    if (this.#usecs.length === 0) return;
    const place = this.#count++;
    this.#usecs[place] = (performance.now() - this.#usecs[place]!) * 1000;
  }

  /** The time in microseconds that the share `rank` (0 to 1) of all operations stayed within; undefined without any. */
  percentile(rank: number): number | undefined {
    const sorted = this.#usecs.slice(0, this.#count).sort();
    return sorted[Math.min(Math.floor(rank * sorted.length), sorted.length - 1)];
  }
}
