import { Privilege } from '../auth/privilege.js';
import { visibleBuckets } from './access.js';
import { bucketRoutes } from './bucket-routes.js';
import { poolDocument, poolsDocument } from './cluster-documents.js';
import { collectionRoutes } from './collection-routes.js';
import { configRoutes } from './config-routes.js';
import { groupRoutes } from './group-routes.js';
import type { ManagedCluster } from './hosts.js';
import type { HttpService } from './http-listener.js';
import { type Route, router } from './router.js';
import { warnOfUnknown } from './unknown-endpoint.js';
import { userRoutes } from './user-routes.js';

/** What answers at the management port of the cluster's node with this index. */
export function managementService(cluster: ManagedCluster, node: number): HttpService {
  return router({
    users: cluster.users,
    routes: [
      ...poolRoutes(cluster, node),
      ...configRoutes(cluster, node),
      ...bucketRoutes(cluster, node),
      ...collectionRoutes(cluster),
      ...userRoutes(cluster),
      ...groupRoutes(cluster),
    ],
    onUnknown: warnOfUnknown(cluster, 'management'),
  });
}

function poolRoutes(cluster: ManagedCluster, node: number): Route[] {
  return [
    { method: 'GET', path: '/', isOpen: true, handler: (call) => call.text(200, 'an embedded Couchbase cluster\n') },
    {
      method: 'GET',
      path: '/pools',
      isOpen: true,
      handler: (call) => {
        const isAdmin = ((call.user?.privileges(undefined) ?? 0) & Privilege.Administrator) !== 0;
        call.json(200, poolsDocument(cluster, isAdmin));
      },
    },
    // The second is the same under another name: where the tools of the server look for its nodes.
    ...['default', 'nodes'].map(
      (name): Route => ({
        method: 'GET',
        path: `/pools/${name}`,
        handler: (call) =>
          call.json(
            200,
            poolDocument({ cluster, self: node, reachedBy: call.hostname }, name, visibleBuckets(call, cluster)),
          ),
      }),
    ),
  ];
}
