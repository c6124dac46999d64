/** A parameter in a form that is not JSON. */
export class BinaryText {
  constructor(readonly text: string) {}
}
