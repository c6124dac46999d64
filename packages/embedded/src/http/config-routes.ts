import type { ServerResponse } from 'node:http';
import type { ConfigText } from '../store/config-text.js';
import { bucketOf } from './access.js';
import type { ManagedCluster } from './hosts.js';
import { type HttpCall, HttpRefusal } from './http-call.js';
import type { Route } from './router.js';

/** What follows each configuration of a stream. */
const SEPARATOR = '\n\n\n\n';

/** The configurations that KV hands out, once or as a stream. Source: the server's REST reference, "Retrieving bucket information". */
export function configRoutes(cluster: ManagedCluster, index: number): Route[] {
  const node = cluster.members[index]!;
  const terse = (call: HttpCall): void => sendConfig(call, node.configOf(bucketOf(call, cluster).name));
  const stream = (call: HttpCall): void => {
    const { name } = bucketOf(call, cluster);
    streamConfigs(call.response, node.configOf(name), (listener) => node.onConfig(name, listener));
  };
  const services = '/pools/default/nodeServices';
  return [
    { method: 'GET', path: services, handler: (call) => sendConfig(call, node.configOf('')) },
    {
      method: 'GET',
      path: `${services}Streaming`,
      handler: (call) => streamConfigs(call.response, node.configOf(''), (listener) => node.onConfig('', listener)),
    },
    { method: 'GET', path: '/pools/default/b/:bucket', handler: terse },
    { method: 'GET', path: '/pools/default/bs/:bucket', handler: stream },
    { method: 'GET', path: '/pools/default/bucketsStreaming/:bucket', handler: stream },
  ];
}

function sendConfig(call: HttpCall, config: ConfigText | undefined): void {
  if (config === undefined) throw new HttpRefusal(404, 'Requested resource not found.\r\n');
  const { json } = config;
  call.response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length });
  call.response.end(json);
}

/** Sends the current configuration, and every later one, until the client disconnects. */
function streamConfigs(
  response: ServerResponse,
  current: ConfigText | undefined,
  subscribe: (listener: (config: ConfigText) => void) => () => void,
): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const send = ({ json }: ConfigText): void => {
    response.write(json);
    response.write(SEPARATOR);
  };
  if (current !== undefined) send(current);
  response.on('close', subscribe(send));
}
