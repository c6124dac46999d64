export type ScanConsistency = 'not_bounded' | 'request_plus' | 'at_plus';

/** Sequence numbers that a scan has to have seen, by keyspace and vbucket. */
export type ScanVectors = Readonly<Record<string, ReadonlyMap<number, number>>>;

/** What a client asks of the query service. */
export interface QueryRequest {
  readonly statement?: string | undefined;
  readonly prepared?: string | undefined;
  readonly encodedPlan?: string | undefined;
  readonly positional: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
  readonly clientContextId?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly readonly: boolean;
  readonly metrics: boolean;
  readonly signature: boolean;
  readonly pretty: boolean;
  readonly sortProjection: boolean;
  readonly autoExecute: boolean;
  readonly preserveExpiry: boolean;
  readonly controls: boolean;
  readonly profile: 'off' | 'phases' | 'timings';
  readonly scanConsistency: ScanConsistency;
  readonly scanVectors: ScanVectors;
  /** Longest wait for an index to come up to what is asked of it. */
  readonly scanWaitMs?: number | undefined;
  /** Scope of keyspaces of one name: `default:bucket.scope`. */
  readonly queryContext?: string | undefined;
  /** Users beside the one that HTTP says. */
  readonly credentials: readonly { readonly user: string; readonly pass: string }[];
}
