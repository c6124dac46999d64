/** Somebody who may sign in. */
export interface User {
  readonly name: string;
  /** Bits of `Privilege` held for a bucket, or, with undefined, for no bucket in particular. */
  privileges(bucket: string | undefined): number;
}
