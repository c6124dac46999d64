import type { ConnectionEvents } from '../net/server-network.js';
import type { Transport } from '../net/transport.js';
import type { KvNode } from './context.js';
import { KvSession } from './session.js';

/** A session and the connection under it. A node that hangs serves none of them, but keeps what they send. */
export class KvConnection implements ConnectionEvents {
  readonly #node: KvNode;
  readonly #session: KvSession;
  readonly #transport: Transport;
  #kept: Buffer[] = [];

  constructor(node: KvNode, transport: Transport) {
    this.#node = node;
    this.#transport = transport;
    this.#session = new KvSession(node, transport);
    node.connections.add(this);
  }

  receive(chunk: Buffer): void {
    if (!this.#node.isHanging) {
      this.#session.receive(chunk);
      return;
    }
    this.#kept.push(Buffer.from(chunk));
    this.#transport.pause();
  }

  drained(): void {
    this.#session.drained();
  }

  closed(): void {
    this.#node.connections.delete(this);
    this.#session.closed();
  }

  /** The node resumes: serves the requests received in the meantime. */
  goOn(): void {
    const kept = this.#kept;
    this.#kept = [];
    this.#transport.resume();
    for (const chunk of kept) this.#session.receive(chunk);
    this.#session.drained();
  }
}
