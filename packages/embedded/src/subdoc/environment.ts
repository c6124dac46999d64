/** What a sub-document command may need to know besides the document. */
export interface SubdocEnvironment {
  readonly vbucketUuid: bigint;
  /** CAS values contain the time. */
  readonly casIsTime: boolean;
  /** The vbucket's clock, in seconds since the epoch. */
  readonly nowSeconds: number;
  /** The user's privileges. */
  readonly mayReadSystemXattrs: boolean;
  readonly mayWriteSystemXattrs: boolean;
}
