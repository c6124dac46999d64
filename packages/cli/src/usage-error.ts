/** A word that is none of those that are known. */
export interface UnknownWord {
  readonly word: string;
  readonly known: readonly string[];
  /** What stands before such a word on the command line. */
  readonly prefix: string;
}

/** The command line is wrong. The message says what, and is all that the user gets to see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** For a hint at what was probably meant. */
  readonly unknown: UnknownWord | undefined;

  constructor(message: string, unknown?: UnknownWord) {
    super(message);
    this.unknown = unknown;
  }
}
