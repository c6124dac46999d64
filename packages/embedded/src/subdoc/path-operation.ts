import type { Path } from './path.js';

/** One path operation on a JSON text, as an edit or a lookup gets it. */
export interface Target {
  readonly text: Buffer;
  readonly path: Path;
  /** Empty for operations that take none. */
  readonly value: Buffer;
  /** Missing objects on the way to the value are made. */
  readonly makesParents: boolean;
}

export interface Result {
  /** The text with the change made; undefined for lookups. */
  readonly text?: Buffer;
  /** What the operation reports: empty for those that report nothing. */
  readonly value: Buffer;
}

/** Executes an operation; returns a status other than 0 when it cannot. Never throws, whatever the bytes. */
export type PathOperation = (target: Target) => Result | number;

export const NOTHING = Buffer.alloc(0);
