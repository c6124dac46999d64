import type { Server, Socket } from 'node:net';
import type { ServerIdentity } from '../tls/certificate.js';
import type { ServerPort } from './server-network.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Whether the server and its connections keep an otherwise idle process alive. */
  readonly keepAlive: boolean;
  /** Serves over TLS, as this. */
  readonly tls?: ServerIdentity | undefined;
}

/** A server of `node:net`, or of one of the modules on top of it, that listens. */
export class ListeningServer implements ServerPort {
  readonly #server: Server;
  /** As they were accepted: with TLS the handshake may not be over yet. */
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, keepAlive: boolean) {
    this.#server = server;
    if (!keepAlive) server.unref();
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      if (!keepAlive) socket.unref();
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Starts to listen. Fails as `net.Server.listen` does, for one when the port is taken. */
  static async listen(server: Server, { host, port, keepAlive }: ListenOptions): Promise<ListeningServer> {
    const listening = new ListeningServer(server, keepAlive);
    // A client that breaks off the handshake is not an error of ours.
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // In a worker of node:cluster too the port is this process's alone: workers do not share a cluster.
      server.listen({ port, host, exclusive: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return listening;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Takes no further connection and breaks those that are open. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
