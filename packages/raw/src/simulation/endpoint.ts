import type { SimulatedNetwork } from './network.js';

/** The events of an endpoint for its owner. They are never delivered from inside a call of the owner. */
export interface EndpointEvents {
  /** Bytes, the end or an error can be found by looking. */
  readable(): void;
  /** The connection stands, or everything that was written has left. */
  writable(): void;
}

/** Maximum number of bytes in flight or unread in one direction; a real socket's buffers are of this order. */
const WINDOW_BYTES = 256 * 1024;

/**
 * One end of a simulated connection. Bytes arrive in order, in pieces that the network chooses, after a time that the
 * network chooses; a slow reader stops the writer when the window is full.
 */
export class Endpoint {
  /** The host that this end is on. */
  readonly host: string;
  readonly #network: SimulatedNetwork;
  #events: EndpointEvents;
  /** The other end; undefined until connected. */
  peer: Endpoint | undefined = undefined;
  /** Whether the connection is made. */
  isConnected = false;
  /** Nothing more will be received; `error` has the reason, if it is not the orderly end. */
  ended = false;
  /** What the connection broke with; undefined while it is whole. */
  error: Error | undefined = undefined;
  readonly #inbox: { readonly bytes: Buffer; readonly at: number }[] = [];
  #inboxBytes = 0;
  #outbox: Buffer[] = [];
  #outboxBytes = 0;
  #underWayBytes = 0;
  /** Pieces keep their order: none arrives before this time. */
  #arrivesAt = 0;
  #isEnding = false;
  #isClosed = false;

  constructor(network: SimulatedNetwork, host: string, events: EndpointEvents) {
    this.#network = network;
    this.host = host;
    this.#events = events;
  }

  /** Whether this end was closed. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Bytes that were written and have not left. */
  get backlogBytes(): number {
    return this.#outboxBytes;
  }

  /** Whether something was received and not read. */
  get hasUnread(): boolean {
    return this.#inbox.length > 0;
  }

  /** When the first of the unread bytes arrived, in microseconds; undefined when there are none. */
  get unreadSince(): number | undefined {
    return this.#inbox[0]?.at;
  }

  /** Sets what is told of this end. */
  setEvents(events: EndpointEvents): void {
    this.#events = events;
  }

  /** The next piece received. */
  read(): Buffer | undefined {
    const piece = this.#inbox.shift()?.bytes;
    if (piece === undefined) return undefined;
    this.#inboxBytes -= piece.length;
    const { peer } = this;
    if (peer !== undefined) this.#network.travel(this, () => peer.#pump());
    return piece;
  }

  /** Takes a copy of the bytes. */
  write(bytes: Buffer): void {
    if (this.#isClosed || this.ended) return;
    this.#outbox.push(Buffer.from(bytes));
    this.#outboxBytes += bytes.length;
    this.#pump();
  }

  /** Sends what was written, then the end. */
  end(): void {
    this.#isEnding = true;
    this.#pump();
  }

  /** Closes at once; the other end learns of it as of a broken connection. */
  destroy(): void {
    if (this.#isClosed) return;
    this.#close();
    const { peer } = this;
    if (peer !== undefined) this.#network.travel(this, () => peer.break(new Error('read ECONNRESET')));
  }

  /** The connection broke. */
  break(error: Error): void {
    if (this.#isClosed || this.ended) return;
    this.ended = true;
    this.error = error;
    this.#drop();
    this.#events.readable();
  }

  /** The other end disappeared without a signal: written bytes stay here, and nothing more arrives. */
  lose(): void {
    this.peer = undefined;
  }

  /** Called when the connection is made. */
  connected(peer: Endpoint): void {
    if (this.#isClosed) {
      peer.break(new Error('read ECONNRESET'));
      return;
    }
    this.peer = peer;
    this.isConnected = true;
    this.#events.writable();
  }

  #close(): void {
    this.#isClosed = true;
    this.ended = true;
    this.#drop();
    this.#network.closed(this);
  }

  #drop(): void {
    this.#outbox = [];
    this.#outboxBytes = 0;
  }

  /** Sends off as much as the window takes. */
  #pump(): void {
    const { peer } = this;
    if (peer === undefined || this.#isClosed) return;
    while (this.#outbox.length > 0) {
      const room = WINDOW_BYTES - this.#underWayBytes - peer.#inboxBytes;
      if (room <= 0) return;
      this.#sendPiece(peer, room);
    }
    if (this.#isEnding) this.#sendEnd(peer);
    else this.#network.soon(() => this.#tellWritable());
  }

  #tellWritable(): void {
    if (!this.#isClosed && !this.ended && this.#outboxBytes === 0) this.#events.writable();
  }

  #sendPiece(peer: Endpoint, room: number): void {
    const first = this.#outbox[0]!;
    const length = this.#network.pieceLength(Math.min(first.length, room));
    const piece = first.subarray(0, length);
    if (length === first.length) this.#outbox.shift();
    else this.#outbox[0] = first.subarray(length);
    this.#outboxBytes -= length;
    this.#underWayBytes += length;
    this.#arrive(() => {
      this.#underWayBytes -= length;
      if (peer.#isClosed || peer.ended) return;
      peer.#inbox.push({ bytes: piece, at: this.#network.now });
      peer.#inboxBytes += length;
      peer.#events.readable();
    });
  }

  #sendEnd(peer: Endpoint): void {
    this.#isEnding = false;
    this.#arrive(() => {
      if (peer.#isClosed || peer.ended) return;
      peer.ended = true;
      peer.#events.readable();
    });
    this.#network.soon(() => {
      if (!this.#isClosed) this.#close();
    });
  }

  #arrive(action: () => void): void {
    this.#arrivesAt = this.#network.travel(this, action, this.#arrivesAt);
  }
}
