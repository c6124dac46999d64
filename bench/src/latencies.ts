/** The times that single operations took, for loads that have one under way at a time; for others it does nothing. */
export class Latencies {
  readonly #usecs: Float64Array;
  #count = 0;
  #begunAt = 0;

  constructor(operations: number, inFlight: number) {
    this.#usecs = new Float64Array(inFlight === 1 ? operations : 0);
  }

  begin(): void {
    if (this.#usecs.length > 0) this.#begunAt = performance.now();
  }

  end(): void {
    if (this.#usecs.length > 0) this.#usecs[this.#count++] = (performance.now() - this.#begunAt) * 1000;
  }

  /** The time in microseconds that the share `rank` (0 to 1) of all operations stayed within; undefined without any. */
  percentile(rank: number): number | undefined {
    const sorted = this.#usecs.slice(0, this.#count).sort();
    return sorted[Math.min(Math.floor(rank * sorted.length), sorted.length - 1)];
  }
}
