import type { ManagedCluster } from '../http/hosts.js';
import type { QueryState } from './query-state.js';

/** What the query service needs of the cluster. */
export interface QueryHost extends ManagedCluster {
  /** What the query services of all nodes share. */
  readonly queries: QueryState;
}
