import type { ServicePorts } from './config/cluster-config.js';
import { HttpListener, type HttpService } from './http/http-listener.js';
import { KvConnection } from './kv/connection.js';
import { KvListener } from './kv/listener.js';
import type { Node } from './node.js';
import type { ServerNetwork, ServerPort } from './server-network.js';

/** What answers at each HTTP port of a node. */
export interface HttpServices {
  readonly mgmt: HttpService;
  readonly capi: HttpService;
}

export interface NodeServersOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly ports: ServicePorts;
  readonly keepAlive: boolean;
}

/** The sockets of one node: KV, management, views. */
export class NodeServers {
  readonly #kv: ServerPort;
  readonly #http: Readonly<Record<keyof HttpServices, HttpListener>> | undefined;

  private constructor(kv: ServerPort, http: Readonly<Record<keyof HttpServices, HttpListener>> | undefined) {
    this.#kv = kv;
    this.#http = http;
  }

  /** Opens all, or, when one cannot be opened, none. */
  static async listen(node: Node, services: HttpServices, options: NodeServersOptions): Promise<NodeServers> {
    const { host, ports, keepAlive } = options;
    const opened: { close(): Promise<void> }[] = [];
    const keep = <T extends { close(): Promise<void> }>(listener: T): T => {
      opened.push(listener);
      return listener;
    };
    try {
      const kv = keep(await KvListener.listen(node, { host, port: ports.kv, keepAlive }));
      const mgmt = keep(await HttpListener.listen(services.mgmt, { host, port: ports.mgmt, keepAlive }));
      const capi = keep(await HttpListener.listen(services.capi, { host, port: ports.capi, keepAlive }));
      return new NodeServers(kv, { mgmt, capi });
    } catch (error) {
      await Promise.all(opened.map((listener) => listener.close()));
      throw error;
    }
  }

  /** Opens the KV port on another network than that of this machine; there is nothing else there. */
  static listenOn(network: ServerNetwork, node: Node, index: number, port: number): NodeServers {
    const kv = network.listen(index, port, (transport) => new KvConnection(node, transport));
    return new NodeServers(kv, undefined);
  }

  get ports(): ServicePorts {
    return { kv: this.#kv.port, mgmt: this.#http?.mgmt.port ?? 0, capi: this.#http?.capi.port ?? 0 };
  }

  async close(): Promise<void> {
    await Promise.all([this.#kv.close(), this.#http?.mgmt.close(), this.#http?.capi.close()]);
  }
}
