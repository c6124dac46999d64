import { Endpoint, type EndpointEvents } from './endpoint.js';
import { EventLoop } from './event-loop.js';
import { SeededRandom } from './random.js';
import { Schedule } from './schedule.js';

/** How the network behaves when nothing is broken. */
export interface NetworkOptions {
  /** Decides everything that is left to chance. */
  readonly seed: number;
  /** Microseconds that bytes travel, at least and at most. Default 100 to 500. */
  readonly latencyUsecs?: readonly [min: number, max: number] | undefined;
  /** Whether bytes arrive in pieces cut anywhere. Default true. */
  readonly cutsPieces?: boolean | undefined;
  /** Receives all events, for a trace. */
  readonly onTrace?: ((line: string) => void) | undefined;
}

/** Accepts an incoming connection, and returns the receiver of its events. */
export type Accept = (endpoint: Endpoint) => EndpointEvents;

interface Held {
  readonly action: () => void;
  readonly from: string;
  readonly to: string;
}

/** Microseconds after which the operating system gives up connecting to a host that does not answer. */
const CONNECT_TIMEOUT_USECS = 120_000_000;

/**
 * A network in virtual time: hosts, ports, connections between them, and the faults a seed may choose. Delay differs
 * from piece to piece, so that connections overtake each other; within one connection bytes keep their order.
 */
export class SimulatedNetwork {
  /** What is to happen, and when. */
  readonly schedule = new Schedule();
  /** The random numbers that decide everything. */
  readonly random: SeededRandom;
  readonly #latency: readonly [number, number];
  readonly #cutsPieces: boolean;
  readonly #onTrace: ((line: string) => void) | undefined;
  readonly #listeners = new Map<string, Accept>();
  readonly #endpoints = new Set<Endpoint>();
  /** Pairs of hosts that do not reach each other, as `a|b` with a < b. */
  readonly #partitions = new Set<string>();
  /** What would arrive, were it not for a partition. */
  #held: Held[] = [];
  /** Added to every latency, by host: a slow host. */
  readonly #slowness = new Map<string, number>();
  readonly #loops = new Map<string, EventLoop>();
  #lastPort = 40_000;

  constructor(options: NetworkOptions) {
    this.random = new SeededRandom(options.seed);
    this.#latency = options.latencyUsecs ?? [100, 500];
    this.#cutsPieces = options.cutsPieces ?? true;
    this.#onTrace = options.onTrace;
  }

  /** Microseconds of virtual time since the beginning. */
  get now(): number {
    return this.schedule.now;
  }

  /** Connections that are open, seen from either end. */
  get openEndpoints(): readonly Endpoint[] {
    return [...this.#endpoints];
  }

  /** Tells the trace a line. */
  trace(line: string): void {
    this.#onTrace?.(`${(this.now / 1000).toFixed(3).padStart(12)} ms  ${line}`);
  }

  /** Whether anything hears of what happens. */
  get isTraced(): boolean {
    return this.#onTrace !== undefined;
  }

  /** The event loop of a process; the program of each client is named for its host. */
  loopOf(process: string): EventLoop {
    let loop = this.#loops.get(process);
    if (loop === undefined) {
      loop = new EventLoop(this.schedule);
      this.#loops.set(process, loop);
    }
    return loop;
  }

  /** Accepts connections at a port, and returns the function that stops that. */
  listen(host: string, port: number, accept: Accept): () => void {
    const at = `${host}:${port}`;
    if (this.#listeners.has(at)) throw new Error(`listen EADDRINUSE: address already in use ${at}`);
    this.#listeners.set(at, accept);
    return () => this.#listeners.delete(at);
  }

  /** Returns a port of the host without a listener. */
  freePort(): number {
    return ++this.#lastPort;
  }

  /** Begins to connect. The endpoint is told when it is writable, or readable with an error. */
  connect(from: string, host: string, port: number, events: EndpointEvents): Endpoint {
    const near = new Endpoint(this, from, events);
    this.#endpoints.add(near);
    this.trace(`${from} connects to ${host}:${port}`);
    const timeout = this.schedule.after(CONNECT_TIMEOUT_USECS, () => near.break(new Error('connect ETIMEDOUT')));
    this.#travelBetween(from, host, () => {
      timeout.cancel();
      if (near.isClosed) return;
      const accept = this.#listeners.get(`${host}:${port}`);
      if (accept === undefined) {
        this.#travelBetween(host, from, () => near.break(new Error(`connect ECONNREFUSED ${host}:${port}`)));
        return;
      }
      const far = new Endpoint(this, host, { readable() {}, writable() {} });
      this.#endpoints.add(far);
      far.peer = near;
      far.isConnected = true;
      far.setEvents(accept(far));
      this.#travelBetween(host, from, () => near.connected(far));
    });
    return near;
  }

  /** Breaks every connection of the host, and those between the two hosts when there are two. */
  breakConnections(host: string, other?: string): void {
    this.trace(`connections of ${host}${other === undefined ? '' : ` and ${other}`} break`);
    for (const endpoint of this.#endpoints) {
      const far = endpoint.peer?.host;
      const isBetween = endpoint.host === host && (other === undefined || far === other);
      if (isBetween) {
        const { peer } = endpoint;
        endpoint.break(new Error('read ECONNRESET'));
        peer?.break(new Error('read ECONNRESET'));
      }
    }
  }

  /** Ends every connection of the host without either end being told, as when a host moves to another network. */
  loseConnections(host: string): void {
    this.trace(`connections of ${host} are lost`);
    for (const endpoint of this.#endpoints) {
      if (endpoint.host !== host) continue;
      endpoint.peer?.lose();
      endpoint.lose();
    }
  }

  /** Lets nothing through between two hosts; connections stay, and what is sent waits. */
  partition(a: string, b: string): void {
    this.trace(`${a} and ${b} are cut off from each other`);
    this.#partitions.add(pair(a, b));
  }

  /** Ends the partition between two hosts, or all of them; what waited arrives now, in the order in which it was sent. */
  heal(a?: string, b?: string): void {
    if (a !== undefined && b !== undefined) {
      if (!this.#partitions.delete(pair(a, b))) return;
      this.trace(`${a} and ${b} reach each other again`);
    } else {
      if (this.#partitions.size === 0) return;
      this.trace('all hosts reach each other again');
      this.#partitions.clear();
    }
    const held = this.#held;
    this.#held = [];
    for (const each of held) {
      if (this.#partitions.has(pair(each.from, each.to))) this.#held.push(each);
      // Another journey would let the pieces of one connection overtake each other.
      else each.action();
    }
  }

  /** Adds to the time that bytes from and to the host travel; 0 makes it as fast as the others. */
  slow(host: string, usecs: number): void {
    this.trace(`${host} is ${usecs} us slower`);
    this.#slowness.set(host, usecs);
  }

  /**
   * Used by endpoints: does something at the other end, not before `earliest`, and returns the time at which it will
   * happen.
   */
  travel(from: Endpoint, action: () => void, earliest = 0): number {
    return this.#travelBetween(from.host, from.peer!.host, action, earliest);
  }

  /** Used by endpoints: does something at this very time, but not within this call. */
  soon(action: () => void): void {
    this.schedule.after(0, action);
  }

  /** Used by endpoints: returns how many of the bytes go into the next piece. */
  pieceLength(available: number): number {
    if (!this.#cutsPieces || available <= 1 || this.random.chance(0.7)) return available;
    return this.random.between(1, available);
  }

  /** Used by endpoints. */
  closed(endpoint: Endpoint): void {
    this.#endpoints.delete(endpoint);
  }

  #travelBetween(from: string, to: string, action: () => void, earliest = 0): number {
    const [min, max] = this.#latency;
    const slowness = (this.#slowness.get(from) ?? 0) + (this.#slowness.get(to) ?? 0);
    const at = Math.max(earliest, this.now + this.random.between(min, max) + slowness);
    this.schedule.after(at - this.now, () => {
      if (this.#partitions.has(pair(from, to))) this.#held.push({ action, from, to });
      else action();
    });
    return at;
  }
}

function pair(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}
