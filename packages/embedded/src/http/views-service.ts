import { designRoutes } from './design-routes.js';
import type { ServiceHost } from './hosts.js';
import type { HttpService } from './http-listener.js';
import { router } from './router.js';
import { warnOfUnknown } from './unknown-endpoint.js';

/** What answers at the views port of the cluster's node with this index. */
export function viewsService(cluster: ServiceHost, node: number): HttpService {
  return router({
    users: cluster.users,
    routes: [
      {
        method: 'GET',
        path: '/',
        isOpen: true,
        handler: (call) => call.json(200, { couchdb: 'Welcome', version: cluster.plan.version }),
      },
      ...designRoutes(cluster, node),
    ],
    unauthorized: { error: 'unauthorized', reason: 'password required' },
    notFound: { error: 'not_found', reason: 'missing' },
    onUnknown: warnOfUnknown(cluster, 'view'),
  });
}
