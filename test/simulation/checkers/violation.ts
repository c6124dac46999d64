/** Something that must not be. */
export interface Violation {
  /** The checker that found it. */
  readonly checker: string;
  readonly message: string;
  /** Microseconds of virtual time. */
  readonly at: number;
}
