/** The failure of a valid command. The user sees its message only. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}
