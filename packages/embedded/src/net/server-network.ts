import type { Transport } from './transport.js';

/** The events of an incoming connection. They are never delivered from within a call of the transport. */
export interface ConnectionEvents {
  /** Bytes were received; they are valid during the call. */
  receive(chunk: Buffer): void;
  /** Nothing that was written waits any more. */
  drained(): void;
  /** The connection is gone. */
  closed(): void;
}

/** A port that takes connections. */
export interface ServerPort {
  /** The port number. */
  readonly port: number;
  /** Takes no further connection, and breaks those that are open. */
  close(): Promise<void>;
}

/**
 * Where the nodes listen for KV, instead of at sockets of this machine: a simulated network. Nodes on it have no HTTP
 * services.
 */
export interface ServerNetwork {
  /** The host of a node, by its index; each node has one of its own. */
  hostOf(node: number): string;
  /** Listens at the host of the node. */
  listen(node: number, port: number, accept: (transport: Transport) => ConnectionEvents): ServerPort;
}
