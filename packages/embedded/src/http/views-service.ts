import type { EmbeddedCluster } from '../cluster.js';
import type { HttpService } from './http-listener.js';

/** What answers at the views port of the cluster's node with this index. */
export function viewsService(cluster: EmbeddedCluster, node: number): HttpService {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://node');
    const isRoot = pathname === '/';
    if (!isRoot) cluster.warn(`no views are served: ${request.method} ${pathname} at node ${node} answered with 404`);
    response.writeHead(isRoot ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isRoot ? { couchdb: 'Welcome' } : { error: 'not_found', reason: 'missing' }));
  };
}
