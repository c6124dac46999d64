/** Sorted lists that are read as one, the least first. */
export class SortedRuns<T> {
  readonly #runs: { readonly items: readonly T[]; at: number }[];
  readonly #compare: (left: T, right: T) => number;

  /** @param compare - never 0, unless the order of the two does not matter */
  constructor(runs: readonly (readonly T[])[], compare: (left: T, right: T) => number) {
    this.#compare = compare;
    this.#runs = runs.filter((items) => items.length > 0).map((items) => ({ items, at: 0 }));
    for (let at = this.#runs.length >> 1; at >= 0; at--) this.#sink(at);
  }

  /** Returns the least that is left. */
  take(): T | undefined {
    const [first] = this.#runs;
    if (first === undefined) return undefined;
    const taken = first.items[first.at++];
    if (first.at === first.items.length) {
      const last = this.#runs.pop();
      if (this.#runs.length > 0 && last !== undefined) this.#runs[0] = last;
    }
    this.#sink(0);
    return taken;
  }

  /** Moves a list down the heap until no list below it has less at its head. */
  #sink(from: number): void {
    let at = from;
    for (;;) {
      let least = at;
      if (this.#isLess(2 * at + 1, least)) least = 2 * at + 1;
      if (this.#isLess(2 * at + 2, least)) least = 2 * at + 2;
      if (least === at) return;
      const [a, b] = [this.#runs[at], this.#runs[least]] as const;
      if (a === undefined || b === undefined) return;
      this.#runs[at] = b;
      this.#runs[least] = a;
      at = least;
    }
  }

  #isLess(left: number, right: number): boolean {
    const [a, b] = [this.#runs[left], this.#runs[right]];
    if (a === undefined || b === undefined) return false;
    return this.#compare(a.items[a.at] as T, b.items[b.at] as T) < 0;
  }
}
