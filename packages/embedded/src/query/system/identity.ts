import { hostPort } from '../../config/cluster-config.js';
import type { SystemKeyspaceSpec, SystemView } from './system-keyspace.js';

/** Returns what rows name the cluster by: the address at which its first node is managed. */
export function datastoreId({ cluster }: Pick<SystemView, 'cluster'>): string {
  const [first] = cluster.nodes;
  return first === undefined ? '' : `http://${hostPort(first.hostname, first.ports.mgmt)}`;
}

/** The one row without a meaning that statements may select from. */
export const dual: SystemKeyspaceSpec = {
  rows: () => [{ id: 'dual', document: null }],
};

/** The cluster itself. */
export const datastores: SystemKeyspaceSpec = {
  rows: (view) => {
    const url = datastoreId(view);
    return [{ id: url, document: { id: url, url } }];
  },
};

/** The namespaces of data: one. */
export const namespaces: SystemKeyspaceSpec = {
  rows: (view) => [{ id: 'default', document: { datastore_id: datastoreId(view), id: 'default', name: 'default' } }],
};
