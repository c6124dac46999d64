import { hostPort } from '../../config/cluster-config.js';
import type { SystemKeyspaceSpec } from './system-keyspace.js';

/** The nodes of the cluster with their services and ports. */
export const nodes: SystemKeyspaceSpec = {
  needs: 'catalog',
  *rows({ cluster }) {
    for (const { hostname, ports } of cluster.nodes) {
      const name = hostPort(hostname, ports.mgmt);
      const numbers = Object.fromEntries(Object.entries(ports).filter(([, port]) => port !== 0));
      yield { id: name, document: { name, ports: numbers, services: ['kv', 'mgmt', 'n1ql'] } };
    }
  },
};
