import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import * as tls from 'node:tls';
import type { ConformanceHarness, Peer, PeerListener } from '../../src/conformance.js';
import type { IOPS, TlsTarget } from '../../src/iops/iops.js';

const fixture = (name: string): string => join(__dirname, '../fixtures', name);

/** A self-signed certificate for `localhost` and the loopback addresses, valid for a hundred years. */
export const certificateFile = fixture('localhost-cert.pem');

/** It and its key. */
export const certificate = {
  cert: readFileSync(certificateFile, 'utf8'),
  key: readFileSync(fixture('localhost-key.pem'), 'utf8'),
};

interface Awaited {
  readonly count: number;
  resolve(bytes: Buffer): void;
  reject(error: Error): void;
}

/** A peer on a real socket. `wire` is the TCP socket under it, the same one without TLS. */
class NodePeer implements Peer {
  readonly #socket: net.Socket;
  readonly #wire: net.Socket;
  #blocks: Buffer[] = [];
  #length = 0;
  #awaited: Awaited | undefined = undefined;
  #over = false;

  constructor(socket: net.Socket, wire: net.Socket) {
    this.#socket = socket;
    this.#wire = wire;
    socket.on('data', (block: Buffer) => {
      this.#blocks.push(block);
      this.#length += block.length;
      this.#settle();
    });
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
    socket.on('error', () => this.#end());
  }

  send(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  received(count: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#awaited = { count, resolve, reject };
      this.#settle();
    });
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#wire.resetAndDestroy();
  }

  stopReading(): void {
    this.#socket.pause();
  }

  resumeReading(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
    this.#wire.destroy();
  }

  #end(): void {
    this.#over = true;
    this.#settle();
  }

  #settle(): void {
    const awaited = this.#awaited;
    if (awaited === undefined) return;
    if (this.#length >= awaited.count) {
      const bytes = Buffer.concat(this.#blocks);
      this.#awaited = undefined;
      this.#blocks = [bytes.subarray(awaited.count)];
      this.#length -= awaited.count;
      awaited.resolve(bytes.subarray(0, awaited.count));
    } else if (this.#over) {
      this.#awaited = undefined;
      awaited.reject(new Error(`the connection ended after ${this.#length} of ${awaited.count} bytes`));
    }
  }
}

/** Listens on a port of the loopback address, with TLS if the target is to be reached with it. */
export async function listen(tlsTarget?: TlsTarget): Promise<PeerListener> {
  const arrived: Peer[] = [];
  const waiting: ((peer: Peer) => void)[] = [];
  const peers = new Set<NodePeer>();
  const server = net.createServer({ noDelay: true }, (wire) => {
    const socket = tlsTarget === undefined ? wire : new tls.TLSSocket(wire, { isServer: true, ...certificate });
    const peer = new NodePeer(socket, wire);
    peers.add(peer);
    const arrive = (): void => {
      const next = waiting.shift();
      if (next === undefined) arrived.push(peer);
      else next(peer);
    };
    if (socket === wire) arrive();
    else socket.once('secure', arrive);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    target: { host: '127.0.0.1', port, keepAliveMs: 0, ref: true, ...(tlsTarget && { tls: tlsTarget }) },
    accepted() {
      const peer = arrived.shift();
      return peer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(peer);
    },
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const peer of peers) peer.destroy();
      });
      return closed;
    },
  };
}

/** Lets an IOPS meet peers on real sockets, in real time. */
export function nodeHarness(iops: IOPS, tlsTarget?: TlsTarget): ConformanceHarness {
  return {
    iops,
    listen: () => listen(tlsTarget),
    elapse: async (ms) => {
      await elapse(ms);
    },
  };
}
