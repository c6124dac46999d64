/** One thing that is measured: a number of equal steps on a hot file. */
export interface MicroCase {
  readonly name: string;
  /** What one step is: a frame, a key. */
  readonly unit: string;
  /** How many steps `run` takes. */
  readonly steps: number;
  /** Takes the steps and returns something that depends on all of them, and is the same each time. */
  run(): number;
}

/** What each file of this directory that is named for a hot file exports. */
export interface MicroSuite {
  cases(): Promise<readonly MicroCase[]>;
}

export const SUITES = [
  'frame-parser',
  'frame-writer',
  'json-run',
  'slots',
  'router',
  'vbucket-hash',
  'transcoder',
  'row-scanner',
] as const;
export type SuiteName = (typeof SUITES)[number];
