import type { EmbeddedCluster } from '../cluster.js';
import type { HttpService } from './http-listener.js';

/** What answers at the management port of the cluster's node with this index. */
export function managementService(_cluster: EmbeddedCluster, _node: number): HttpService {
  return (_request, response) => {
    response.writeHead(404);
    response.end();
  };
}
