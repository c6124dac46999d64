import type { ServicePorts } from '../config/cluster-config.js';
import { type HttpService, listenForHttp } from '../http/http-listener.js';
import type { ServedNames } from '../http/request-guard.js';
import { KvConnection } from '../kv/connection.js';
import { listenForKv } from '../kv/listener.js';
import type { ServerNetwork, ServerPort } from '../net/server-network.js';
import type { ServerIdentity } from '../tls/certificate.js';
import type { Node } from './node.js';

/** The handlers of the HTTP ports of a node. */
export interface HttpServices {
  readonly mgmt: HttpService;
  readonly capi: HttpService;
  readonly n1ql: HttpService;
}

export interface NodeServersOptions {
  readonly host: string;
  /** The host names by which HTTP requests may address the node. */
  readonly names: ServedNames;
  /** 0 for any free one. */
  readonly ports: ServicePorts;
  readonly keepAlive: boolean;
  /** Opens the ports for TLS too, with this certificate. */
  readonly tls?: ServerIdentity | undefined;
}

type OpenPorts = { -readonly [service in keyof ServicePorts]?: ServerPort };

/** The sockets of one node: KV, management, views, queries, each also with TLS if that is wanted. */
export class NodeServers {
  readonly #open: OpenPorts;

  private constructor(open: OpenPorts) {
    this.#open = open;
  }

  /** Opens all ports, or none if one cannot be opened. */
  static async listen(node: Node, services: HttpServices, options: NodeServersOptions): Promise<NodeServers> {
    const { host, names, ports, keepAlive, tls } = options;
    const open: OpenPorts = {};
    try {
      open.kv = await listenForKv(node, { host, port: ports.kv, keepAlive });
      open.mgmt = await listenForHttp(services.mgmt, { host, names, port: ports.mgmt, keepAlive });
      open.capi = await listenForHttp(services.capi, { host, names, port: ports.capi, keepAlive });
      open.n1ql = await listenForHttp(services.n1ql, { host, names, port: ports.n1ql, keepAlive });
      if (tls !== undefined) {
        open.kvSSL = await listenForKv(node, { host, port: ports.kvSSL ?? 0, keepAlive, tls });
        open.mgmtSSL = await listenForHttp(services.mgmt, { host, names, port: ports.mgmtSSL ?? 0, keepAlive, tls });
        open.capiSSL = await listenForHttp(services.capi, { host, names, port: ports.capiSSL ?? 0, keepAlive, tls });
        open.n1qlSSL = await listenForHttp(services.n1ql, { host, names, port: ports.n1qlSSL ?? 0, keepAlive, tls });
      }
      return new NodeServers(open);
    } catch (error) {
      await Promise.all(Object.values(open).map((server) => server.close()));
      throw error;
    }
  }

  /** Opens the KV port, and nothing else, on a network other than this machine's. */
  static listenOn(network: ServerNetwork, node: Node, index: number, port: number): NodeServers {
    return new NodeServers({ kv: network.listen(index, port, (transport) => new KvConnection(node, transport)) });
  }

  get ports(): ServicePorts {
    const ports = Object.entries(this.#open).map(([service, { port }]) => [service, port]);
    return { kv: 0, mgmt: 0, capi: 0, n1ql: 0, ...(Object.fromEntries(ports) as Partial<ServicePorts>) };
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#open).map((server) => server.close()));
  }
}
