/** An unknown word, with the known ones. */
export interface UnknownWord {
  readonly word: string;
  readonly known: readonly string[];
  /** The text before such a word on the command line. */
  readonly prefix: string;
}

/** The error of an invalid command line. The user sees its message only. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The unknown word, for a suggestion. */
  readonly unknown: UnknownWord | undefined;

  constructor(message: string, unknown?: UnknownWord) {
    super(message);
    this.unknown = unknown;
  }
}
