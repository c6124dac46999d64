import { once } from 'node:events';
import * as net from 'node:net';
import * as tls from 'node:tls';

/** Bytes after which a connection is cut, counted in each direction. */
export interface Cut {
  /** From the client to the node. */
  readonly up?: number;
  /** From the node to the client. */
  readonly down?: number;
}

export interface RelayOptions {
  /** The client's side speaks TLS; what is behind the relay is plain. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

interface Pair {
  readonly near: net.Socket;
  readonly far: net.Socket;
  readonly cut: { up: number; down: number };
  up: number;
  down: number;
  isSilent: boolean;
  isCut: boolean;
}

/** A relay on real sockets between a client and a node, which can break, cut and mute what goes through it. */
export class Relay implements AsyncDisposable {
  readonly #server: net.Server;
  readonly #pairs = new Set<Pair>();
  /** Where connections lead to. */
  target: number;
  /** How many connections came in. */
  accepted = 0;
  /** How many connections came to where they were to be cut. */
  cuts = 0;
  /** For a connection, by its number from 0, where it is cut. Default nowhere. */
  cut: (connection: number) => Cut = () => ({});
  /** Whether connections that come in are silent from the beginning. */
  isMute = false;
  /** Bytes that the last connection brought so far. */
  last: { readonly up: number; readonly down: number } = { up: 0, down: 0 };

  private constructor(server: net.Server, target: number) {
    this.#server = server;
    this.target = target;
  }

  static async start(target: number, options: RelayOptions = {}): Promise<Relay> {
    // Without a delay: cut into pieces, what is passed on would wait for acknowledgements that the kernel puts off.
    const plain = options.tls === undefined;
    const server = plain ? net.createServer({ noDelay: true }) : tls.createServer({ ...options.tls, noDelay: true });
    const relay = new Relay(server, target);
    server.on(plain ? 'connection' : 'secureConnection', (socket: net.Socket) => relay.#accept(socket));
    // A client that is cut off in the middle of the handshake is what tests do here.
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get openConnections(): number {
    return this.#pairs.size;
  }

  /** Cuts the connections there are after so many bytes more. */
  cutSoon({ up = Number.POSITIVE_INFINITY, down = Number.POSITIVE_INFINITY }: Cut): void {
    for (const pair of this.#pairs) {
      pair.cut.up = pair.up + up;
      pair.cut.down = pair.down + down;
      if (up === 0 || down === 0) this.#cutNow(pair);
    }
  }

  /** Nothing gets through any more on the connections there are; they stay, and their ends hear nothing of it. */
  silence(): void {
    for (const pair of this.#pairs) pair.isSilent = true;
  }

  /** Breaks every connection. */
  breakAll(): void {
    for (const pair of this.#pairs) end(pair);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.breakAll();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(near: net.Socket): void {
    const { up = Number.POSITIVE_INFINITY, down = Number.POSITIVE_INFINITY } = this.cut(this.accepted++);
    const far = net.connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const pair: Pair = { near, far, cut: { up, down }, up: 0, down: 0, isSilent: this.isMute, isCut: false };
    this.last = pair;
    this.#pairs.add(pair);
    near.on('data', (chunk: Buffer) => this.#pass(pair, 'up', chunk));
    far.on('data', (chunk: Buffer) => this.#pass(pair, 'down', chunk));
    for (const socket of [near, far]) {
      socket.on('error', () => end(pair));
      socket.on('close', () => {
        this.#pairs.delete(pair);
        end(pair);
      });
    }
    if (up === 0 || down === 0) this.#cutNow(pair);
  }

  #cutNow(pair: Pair): void {
    this.#noteCut(pair);
    end(pair);
  }

  #noteCut(pair: Pair): void {
    pair.isCut = true;
    this.cuts++;
  }

  #pass(pair: Pair, direction: 'up' | 'down', chunk: Buffer): void {
    if (pair.isSilent || pair.isCut) return;
    const limit = pair.cut[direction];
    const to = direction === 'up' ? pair.far : pair.near;
    const passed = chunk.subarray(0, limit - pair[direction]);
    pair[direction] += passed.length;
    if (pair[direction] < limit) {
      to.write(passed);
      return;
    }
    this.#noteCut(pair);
    // What came so far is delivered before the connection breaks.
    to.end(passed, () => end(pair));
  }
}

function end({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}
