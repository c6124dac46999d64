/** The command was understood and could not be carried out. The message says why, and is all that the user gets to see. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}
