import type { ConnectionEvents, ServerNetwork, ServerPort, Transport } from '@cb/embedded';

/** The client's end of a connection without a network: what is sent is served within the call. */
export class MemoryConnection implements Transport {
  readonly #network: MemoryNetwork;
  readonly #received: Buffer[] = [];
  #events: ConnectionEvents | undefined;
  #unread: Buffer[] = [];
  #isPaused = false;
  #isOpen = true;

  constructor(network: MemoryNetwork) {
    this.#network = network;
  }

  attach(events: ConnectionEvents): void {
    this.#events = events;
  }

  /** The node has not ended the connection. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** All that the node has sent since it was taken last. */
  take(): Buffer {
    return Buffer.concat(this.#received.splice(0));
  }

  send(bytes: Buffer): void {
    if (!this.#isOpen) return;
    this.#unread.push(bytes);
    this.#deliver();
  }

  /** The client goes away. */
  leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#events?.closed();
  }

  get backlogBytes(): number {
    return 0;
  }

  write(bytes: Buffer): boolean {
    this.#received.push(Buffer.from(bytes));
    return true;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.soon(() => this.#deliver());
  }

  close(): void {
    this.#isOpen = false;
    this.#unread = [];
  }

  reset(): void {
    this.close();
  }

  soon(action: () => void): void {
    this.#network.soon(action);
  }

  #deliver(): void {
    while (!this.#isPaused && this.#isOpen && this.#unread.length > 0) this.#events?.receive(this.#unread.shift()!);
  }
}

/** A network without sockets or time between the nodes of an embedded cluster and a test. */
export class MemoryNetwork implements ServerNetwork {
  readonly #accept = new Map<number, (transport: Transport) => ConnectionEvents>();
  readonly #due: (() => void)[] = [];

  hostOf(node: number): string {
    return `node-${node}`;
  }

  listen(node: number, port: number, accept: (transport: Transport) => ConnectionEvents): ServerPort {
    this.#accept.set(node, accept);
    return {
      port: port === 0 ? 11210 : port,
      close: () => {
        this.#accept.delete(node);
        return Promise.resolve();
      },
    };
  }

  connect(node: number): MemoryConnection {
    const connection = new MemoryConnection(this);
    connection.attach(this.#accept.get(node)!(connection));
    return connection;
  }

  soon(action: () => void): void {
    this.#due.push(action);
  }

  /** Does all that was left for later. */
  settle(): void {
    for (let action = this.#due.shift(); action !== undefined; action = this.#due.shift()) action();
  }
}
