/** The seqno that indexes have to show at least, by vbucket. */
export type ScanVector = ReadonlyMap<number, number>;

/** How current indexes have to be for a request. */
export type ScanConsistency =
  /** As they are. */
  | { readonly kind: 'not_bounded' }
  /** With all that was written before the request. */
  | { readonly kind: 'request_plus' }
  /** With what the client knows of: by keyspace, or for the only keyspace of the statement. */
  | {
      readonly kind: 'at_plus';
      readonly vectors: ReadonlyMap<string, ScanVector>;
      readonly vector?: ScanVector | undefined;
    };
