import type { ScanConsistency } from './scan-consistency.js';

/** How durable the writes of a statement are to be. */
export interface Durability {
  /** As in KV: 1 majority, 2 that and on the active's disk, 3 on the disks of a majority. */
  readonly level: number;
  /** Milliseconds after which a write is given up; 0 for the default of KV. */
  readonly timeoutMs: number;
}

/** What a client asks of the query service, as far as it has a meaning here. */
export interface QueryRequest {
  readonly statement?: string | undefined;
  readonly prepared?: string | undefined;
  readonly positional: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
  readonly clientContextId?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly consistency: ScanConsistency;
  /** Milliseconds that a scan waits for its index; undefined for the service's own limit. */
  readonly scanWaitMs?: number | undefined;
  readonly readonly: boolean;
  readonly metrics: boolean;
  readonly signature: boolean;
  readonly pretty: boolean;
  readonly sortProjection: boolean;
  /** UPDATE and UPSERT keep the expiration of what is there. */
  readonly preserveExpiry: boolean;
  /** Undefined for writes that are done when the active has them. */
  readonly durability?: Durability | undefined;
  /** Whether the statement of a PREPARE is run too. */
  readonly autoExecute: boolean;
  /** Whether the answer tells how the request was understood. */
  readonly controls: boolean;
  /** Whether the answer tells what took how long. */
  readonly profile: boolean;
  /** Limit of the memory that rows hold, in bytes. */
  readonly memoryBytesMax?: number | undefined;
  /** Scope of keyspaces of one name: `default:bucket.scope`. */
  readonly queryContext?: string | undefined;
}
