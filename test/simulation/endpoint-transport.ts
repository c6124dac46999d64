import type { ConnectionEvents, Transport } from '@cb/embedded';
import type { Endpoint, EndpointEvents, EventLoop } from '@cb/raw/simulation';
import type { FrameTrace } from './frame-trace.js';

/** Gets what a node sends, whole packets only, and gives what arrives instead. */
export type Tamper = (bytes: Buffer) => Buffer;

/** A simulated connection as the embedded cluster wants its connections: told of bytes, unless it has paused them. */
export class EndpointTransport implements Transport, EndpointEvents {
  readonly #loop: EventLoop;
  readonly #endpoint: Endpoint;
  readonly #trace: FrameTrace | undefined;
  readonly #tamper: Tamper | undefined;
  #events: ConnectionEvents | undefined;
  #isPaused = false;
  #isClosed = false;

  constructor(loop: EventLoop, endpoint: Endpoint, trace: FrameTrace | undefined, tamper?: Tamper) {
    this.#loop = loop;
    this.#endpoint = endpoint;
    this.#trace = trace;
    this.#tamper = tamper;
  }

  /** The listener for what arrives. */
  attach(events: ConnectionEvents): void {
    this.#events = events;
  }

  get backlogBytes(): number {
    return this.#endpoint.backlogBytes;
  }

  write(bytes: Buffer): boolean {
    this.#trace?.answers(bytes);
    this.#endpoint.write(this.#tamper === undefined ? bytes : this.#tamper(bytes));
    return true;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.soon(() => this.readable());
  }

  close(): void {
    this.#isClosed = true;
    this.#endpoint.end();
  }

  /** Breaks the connection at once: what was written and has not left is lost. */
  reset(): void {
    if (this.#isClosed) return;
    this.#gone();
  }

  /** Does something outside of any call of the session. */
  soon(action: () => void): void {
    this.#loop.after(0, action);
  }

  readable(): void {
    this.#loop.deliver(() => this.#read());
  }

  writable(): void {
    this.#loop.deliver(() => {
      if (!this.#isClosed) this.#events?.drained();
    });
  }

  #read(): void {
    const endpoint = this.#endpoint;
    if (endpoint.error !== undefined) {
      this.#gone();
      return;
    }
    while (!this.#isPaused && !this.#isClosed) {
      const piece = endpoint.read();
      if (piece === undefined) break;
      this.#trace?.requests(piece);
      this.#events?.receive(piece);
    }
    if (endpoint.ended && !endpoint.hasUnread) this.#gone();
  }

  #gone(): void {
    this.#endpoint.destroy();
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events?.closed();
  }
}
