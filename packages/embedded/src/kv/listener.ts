import { createServer, type Server, type Socket } from 'node:net';
import type { Node } from '../node.js';
import { KvConnection } from './connection.js';
import type { Transport } from './transport.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Whether the server and its connections keep an otherwise idle process alive. */
  readonly keepAlive: boolean;
}

/** The KV port of one node. */
export class KvListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #keepAlive: boolean;

  private constructor(node: Node, keepAlive: boolean) {
    this.#keepAlive = keepAlive;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(node, socket));
    if (!keepAlive) this.#server.unref();
  }

  /** Starts to listen. Fails as `net.Server.listen` does, for one when the port is taken. */
  static async listen(node: Node, { host, port, keepAlive }: ListenOptions): Promise<KvListener> {
    const listener = new KvListener(node, keepAlive);
    await new Promise<void>((resolve, reject) => {
      listener.#server.once('error', reject);
      listener.#server.listen(port, host, () => {
        listener.#server.off('error', reject);
        resolve();
      });
    });
    return listener;
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Takes no further connection and breaks those that are open. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(node: Node, socket: Socket): void {
    this.#sockets.add(socket);
    if (!this.#keepAlive) socket.unref();
    const connection = new KvConnection(node, new SocketTransport(socket));
    socket.on('data', (chunk) => connection.receive(chunk));
    socket.on('drain', () => connection.drained());
    // A client that resets its connection is none of our errors; 'close' follows and tidies up.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      connection.closed();
    });
  }
}

/** The port that a server of `node:net` or `node:http` listens at. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

class SocketTransport implements Transport {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  write(bytes: Buffer): boolean {
    this.#socket.write(bytes);
    // Nothing waiting means that the kernel has copied the bytes already.
    return this.#socket.writableLength === 0;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  soon(action: () => void): void {
    setImmediate(action);
  }
}
