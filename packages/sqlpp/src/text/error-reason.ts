/** What an answer tells of an error below another: `reason` of the error, as the server writes it. */
export interface ErrorReason {
  readonly [name: string]: string | number | ErrorReason;
}
