import type { ObjectValue } from '../values/value.js';

/** Full name of a sequence. */
export interface SequenceName {
  /** `default`. */
  readonly namespace: string;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Name of the scope that it is one of. */
  readonly scope: string;
  /** Name in the scope. */
  readonly name: string;
}

/** The sequences of a store, as statements define and use them. */
export interface SequenceCatalog {
  /**
   * Creates a sequence.
   *
   * @param options as in WITH: `start`, `increment`, `min`, `max`, `cache`, `cycle`
   * @throws StatementError if it is there, or for an option that is unknown or of another type
   */
  create(name: SequenceName, options: ObjectValue): void;
  /**
   * Changes a sequence.
   *
   * @param options as in WITH: `restart`, `increment`, `min`, `max`, `cache`, `cycle`
   * @throws StatementError if it is not there, or for an option that is unknown or of another type
   */
  alter(name: SequenceName, options: ObjectValue): void;
  /** Drops a sequence. @throws StatementError if it is not there */
  drop(name: SequenceName): void;
  /** Draws the next value. @throws StatementError if it has none, or is not there */
  next(name: SequenceName): bigint;
  /** Returns the value drawn last; undefined if none was. @throws StatementError if it is not there */
  previous(name: SequenceName): bigint | undefined;
}
