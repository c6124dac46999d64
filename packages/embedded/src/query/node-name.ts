import { hostPort } from '../config/cluster-config.js';
import type { QueryHost } from './query-host.js';

/** Returns what the service calls a node: its host and port of management. */
export function nodeName({ nodes }: Pick<QueryHost, 'nodes'>, index: number): string {
  const node = nodes[index];
  return node === undefined ? '' : hostPort(node.hostname, node.ports.mgmt);
}
