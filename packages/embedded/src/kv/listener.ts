import { createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { ListeningServer, type ListenOptions } from '../net/listening-server.js';
import type { Transport } from '../net/transport.js';
import { KvConnection } from './connection.js';
import type { KvNode } from './context.js';

/** Opens a KV port of a node. */
export function listenForKv(node: KvNode, options: ListenOptions): Promise<ListeningServer> {
  const accept = (socket: Socket): void => serve(node, socket);
  const server =
    options.tls === undefined
      ? createServer({ noDelay: true }, accept)
      : createTlsServer({ ...options.tls, noDelay: true }, accept);
  return ListeningServer.listen(server, options);
}

function serve(node: KvNode, socket: Socket): void {
  const connection = new KvConnection(node, new SocketTransport(socket));
  socket.on('data', (chunk) => connection.receive(chunk));
  socket.on('drain', () => connection.drained());
  // A client that resets its connection is not an error of ours; 'close' follows and tidies up.
  socket.on('error', () => {});
  socket.on('close', () => connection.closed());
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
    // Below TLS there is no socket that we could reset.
    if (this.#socket instanceof TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  soon(action: () => void): void {
    setImmediate(action);
  }
}
