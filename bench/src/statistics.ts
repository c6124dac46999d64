/** Some measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: medianOfSorted(sorted), min: sorted[0]!, max: sorted.at(-1)! };
}

/** The spread of what is known of all; undefined when any is not. */
export function spreadOfKnown(values: readonly (number | undefined)[]): Spread | undefined {
  return values.every((value) => value !== undefined) ? spreadOf(values) : undefined;
}

/** The median of `a[i] / b[i]`: what drifts in the course of a run is the same for both halves of a pair. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return spreadOf(a.map((value, index) => value / b[index]!)).median;
}

function medianOfSorted(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
