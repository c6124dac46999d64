import type { Spread } from '../src/statistics.js';

/** What was measured, by side (`raw`, `promise`, a rival): one value for each round, in the order of rounds. */
export type Rounds = Readonly<Record<string, readonly number[]>>;

/** What a scene found out. */
export interface SceneResult {
  /** What the values are: `ms`, `rows/s`. */
  readonly unit: string;
  readonly rounds: Rounds;
  /** What a reader must know to judge the values: sizes, counts, what was left out and why. */
  readonly notes: readonly string[];
}

/** How something changes with the size of something else. */
export interface Curve {
  readonly title: string;
  /** What `x` is: `nodes`, `operations in flight`. */
  readonly x: string;
  readonly points: readonly CurvePoint[];
  /** Why it is not flat, where it is not. */
  readonly notes: readonly string[];
}

export interface CurvePoint {
  readonly x: number;
  readonly operationsPerSecond: Spread;
  /** User and system time of the client's process for each operation. */
  readonly clientCpuUsecs: Spread;
}

export interface SceneOptions {
  /** Measured rounds; the sides take turns in each. */
  readonly rounds: number;
  /** So small that it takes seconds: shows that it runs, not how fast. */
  readonly quick: boolean;
  /** Takes a line that tells a person what goes on. */
  readonly progress: (line: string) => void;
}
