import type { ObjectValue } from '@cb/sqlpp';
import { HttpRefusal } from '../http/http-call.js';
import type { Handler, Route } from '../http/router.js';
import { adminSettings, changeSettings } from './admin-settings.js';
import { vitals } from './admin-vitals.js';
import { loadEngine } from './engine.js';
import { nodeName } from './node-name.js';
import type { QueryHost } from './query-host.js';
import { prepareds } from './system/prepareds.js';
import { activeRequests, completedRequests } from './system/requests.js';
import type { SystemKeyspaceSpec, SystemView } from './system/system-keyspace.js';
import { seesCatalog } from './system/visible.js';

/**
 * What administrators ask of the query service of a node. Source: the server's REST reference, "Query Admin API".
 *
 * @param index the node's
 */
export function adminRoutes(cluster: QueryHost, index: number): Route[] {
  const settings = (): ObjectValue => adminSettings(cluster.queries.requests.settings);
  return [
    { method: 'GET', path: '/admin/vitals', handler: admin((call) => call.json(200, vitals(cluster))) },
    { method: 'GET', path: '/admin/config', handler: admin((call) => call.json(200, nodeConfig(cluster, index))) },
    { method: 'GET', path: '/admin/settings', handler: admin((call) => call.json(200, settings())) },
    {
      method: 'POST',
      path: '/admin/settings',
      handler: admin(async (call) => {
        const { requests } = cluster.queries;
        requests.settings = changeSettings(requests.settings, (await call.body()).toString('utf8'));
        call.json(200, settings());
      }),
    },
    ...listRoutes('/admin/prepareds', prepareds, cluster),
    ...listRoutes('/admin/active_requests', activeRequests, cluster),
    ...listRoutes('/admin/completed_requests', completedRequests, cluster),
  ];
}

/** Only those who see all of the system catalog are answered. */
function admin(handler: Handler): Handler {
  return (call) => {
    if (!seesCatalog(call.user)) throw new HttpRefusal(401, '');
    return handler(call);
  };
}

/** The rows of a system keyspace: all of them, or one by its key without the node. */
function listRoutes(path: string, spec: SystemKeyspaceSpec, cluster: QueryHost): Route[] {
  const rowsOf = async (user: SystemView['user']): Promise<Map<string, { id: string; document: unknown }>> => {
    const view: SystemView = { engine: await loadEngine(), cluster, user };
    return new Map([...spec.rows(view)].map((row) => [row.id.slice(row.id.indexOf(']') + 1), row]));
  };
  const found = async (user: SystemView['user'], key: string): Promise<{ id: string; document: unknown }> => {
    const row = (await rowsOf(user)).get(key);
    if (row === undefined) throw new HttpRefusal(404, { errors: [{ code: 404, msg: `there is no ${key}` }] });
    return row;
  };
  return [
    {
      method: 'GET',
      path,
      handler: admin(async (call) => {
        const rows = await rowsOf(call.user);
        call.json(
          200,
          [...rows.values()].map(({ document }) => document),
        );
      }),
    },
    {
      method: 'GET',
      path: `${path}/:key`,
      handler: admin(async (call) => call.json(200, (await found(call.user, call.params['key'] ?? '')).document)),
    },
    {
      method: 'DELETE',
      path: `${path}/:key`,
      handler: admin(async (call) => {
        const { id } = await found(call.user, call.params['key'] ?? '');
        call.json(200, spec.remove?.({ engine: await loadEngine(), cluster, user: call.user }, id) === true);
      }),
    },
  ];
}

function nodeConfig(cluster: QueryHost, index: number): ObjectValue {
  const { hostname = '', ports } = cluster.nodes[index] ?? {};
  const endpoint = `http://${hostname}:${ports?.n1ql}`;
  return {
    adminEndpoint: `${endpoint}/admin`,
    cluster: 'default',
    name: nodeName(cluster, index),
    queryEndpoint: `${endpoint}/query/service`,
    version: `${cluster.plan.version}-N1QL`,
  };
}
