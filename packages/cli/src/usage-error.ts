/** The command line is wrong. The message says what, and is all that the user gets to see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
