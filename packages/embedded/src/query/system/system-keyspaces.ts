import { allKeyspaces, allKeyspacesInfo, allScopes, buckets, keyspaces, keyspacesInfo, scopes } from './containers.js';
import { functions, functionsCache } from './functions.js';
import { datastores, dual, namespaces } from './identity.js';
import { allIndexes, indexes } from './indexes.js';
import { nodes } from './nodes.js';
import { applicableRoles, myUserInfo, userInfo } from './people.js';
import { prepareds } from './prepareds.js';
import { activeRequests, completedRequests } from './requests.js';
import { sequences } from './sequences.js';
import type { SystemKeyspaceSpec } from './system-keyspace.js';

import { vitals } from './vitals.js';

/** What the service keeps for others and has nothing of: statistics, transactions, work in the background. */
const empty: SystemKeyspaceSpec = { needs: 'catalog', rows: () => [] };

const SPECS: ReadonlyMap<string, SystemKeyspaceSpec> = new Map([
  ['active_requests', activeRequests],
  ['all_indexes', allIndexes],
  ['all_keyspaces', allKeyspaces],
  ['all_keyspaces_info', allKeyspacesInfo],
  ['all_scopes', allScopes],
  ['all_sequences', sequences],
  ['applicable_roles', applicableRoles],
  ['buckets', buckets],
  ['completed_requests', completedRequests],
  ['datastores', datastores],
  ['dictionary', empty],
  ['dictionary_cache', empty],
  ['dual', dual],
  ['functions', functions],
  ['functions_cache', functionsCache],
  ['indexes', indexes],
  ['keyspaces', keyspaces],
  ['keyspaces_info', keyspacesInfo],
  ['my_user_info', myUserInfo],
  ['namespaces', namespaces],
  ['nodes', nodes],
  ['prepareds', prepareds],
  ['scopes', scopes],
  ['sequences', sequences],
  ['tasks_cache', empty],
  ['transactions', empty],
  ['user_info', userInfo],
  ['vitals', vitals],
]);

/** Finds a keyspace of the namespace `system`. */
export function findSystemKeyspace(name: string): SystemKeyspaceSpec | undefined {
  return SPECS.get(name);
}
