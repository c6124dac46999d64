import { availableParallelism } from 'node:os';
import { hostPort } from '../../config/cluster-config.js';
import type { SystemKeyspaceSpec } from './system-keyspace.js';

/** What the nodes tell of themselves. They share one process, and with it its memory. */
export const vitals: SystemKeyspaceSpec = {
  needs: 'catalog',
  *rows({ cluster }) {
    const { heapUsed, rss } = process.memoryUsage();
    for (const { hostname, ports } of cluster.nodes) {
      const node = hostPort(hostname, ports.mgmt);
      const document = {
        cores: availableParallelism(),
        'local.time': new Date(cluster.clock.now()).toISOString(),
        'memory.system': rss,
        'memory.usage': heapUsed,
        node,
        version: `${cluster.plan.version}-N1QL`,
      };
      yield { id: node, document };
    }
  },
};
