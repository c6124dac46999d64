import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Opcode, Status } from '@cb/protocol';
import { RawBucket, type RawBucketOptions } from '@cb/raw';
import { type Script, ScriptedNode } from '../../packages/raw/test/scripted-node.js';

/** What arrived at a node. */
export interface ReceivedRequest {
  /** The node's number. */
  readonly node: number;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Tells connections apart. */
  readonly port: number;
}

/** Answers a request; `attempt` counts the requests from 1. */
export type ServiceScript = (
  response: ServerResponse,
  request: ReceivedRequest,
  attempt: number,
) => void | Promise<void>;

/**
 * Nodes that serve key-value as scripted ones do, and at one HTTP port each all other services: whatever a test says.
 */
export class ServiceBed implements AsyncDisposable {
  readonly connectionString: string;
  readonly bucket: RawBucket;
  readonly requests: ReceivedRequest[] = [];
  readonly servers: readonly Server[];
  readonly #nodes: readonly ScriptedNode[];
  script: ServiceScript;

  private constructor(nodes: readonly ScriptedNode[], servers: readonly Server[], options: BedOptions) {
    this.#nodes = nodes;
    this.servers = servers;
    this.script = options.script;
    for (const [index, server] of servers.entries()) {
      server.on('request', (request, response) => void this.#serve(index, request, response));
    }
    const config = JSON.stringify({
      rev: 1,
      name: 'default',
      nodesExt: nodes.map(({ port }, index) => ({
        hostname: '127.0.0.1',
        services: { kv: port, ...servicesAt(options.port ?? (servers[index]!.address() as AddressInfo).port) },
      })),
      vBucketServerMap: { serverList: nodes.map(({ port }) => `127.0.0.1:${port}`), vBucketMap: [[0]] },
      ...options.config,
    });
    for (const node of nodes) {
      node.script = (frame, connection) =>
        frame.opcode === Opcode.GetClusterConfig
          ? { status: Status.Success, value: config }
          : options.keyValue?.(frame, connection);
    }
    this.connectionString = `${nodes[0]!.connectionString}${options.query === undefined ? '' : `&${options.query}`}`;
    this.bucket = new RawBucket(this.connectionString, {
      username: 'ann',
      password: 'secret',
      ...options.bucket,
    });
  }

  static async start(options: BedOptions): Promise<ServiceBed> {
    const count = options.nodes ?? 1;
    const nodes = await Promise.all(Array.from({ length: count }, () => ScriptedNode.start()));
    const servers = await Promise.all(Array.from({ length: count }, listening));
    return new ServiceBed(nodes, servers, options);
  }

  /** The node's HTTP address as `host:port`. */
  nameOf(node: number): string {
    return `127.0.0.1:${(this.servers[node]!.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.bucket.destroy();
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all(this.#nodes.map((node) => node[Symbol.asyncDispose]()));
  }

  async #serve(node: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers, socket } = request;
    const received = {
      node,
      method,
      url,
      headers,
      body: Buffer.concat(chunks).toString(),
      port: socket.remotePort ?? 0,
    };
    this.requests.push(received);
    await this.script(response, received, this.requests.length);
  }
}

export interface BedOptions {
  readonly script: ServiceScript;
  /** What the nodes answer to key-value requests that need more than a connection. */
  readonly keyValue?: Script;
  /** How many nodes. Default 1. */
  readonly nodes?: number;
  /** Options of the connection string. */
  readonly query?: string;
  readonly bucket?: RawBucketOptions;
  /** Where the services are said to be, instead of at the bed's own servers. */
  readonly port?: number;
  /** Members of the cluster map to add or replace. */
  readonly config?: object;
}

async function listening(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function servicesAt(port: number): Record<string, number> {
  return { capi: port, n1ql: port, fts: port, mgmt: port };
}

/** Answers with JSON. */
export function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Rows of a view, as its service would have them. */
export function viewRows(count: number): { id: string; key: number; value: null }[] {
  return Array.from({ length: count }, (_none, index) => ({ id: `document-${index}`, key: index, value: null }));
}
