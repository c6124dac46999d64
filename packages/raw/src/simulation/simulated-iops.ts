import { pbkdf2Sync } from 'node:crypto';
import { EventAction, LCB_READ_EVENT, LCB_WRITE_EVENT } from '../iops/constants.js';
import type { IOEvent, TimerEvent } from '../iops/event.js';
import type { IOPS, IOSocket, KeyDerivation, SocketTarget } from '../iops/iops.js';
import type { Endpoint } from './endpoint.js';
import type { EventLoop } from './event-loop.js';
import type { SimulatedNetwork } from './network.js';
import type { Scheduled } from './schedule.js';

/** IOPS in virtual time, over a simulated network. The core on top of it is the one that runs everywhere. */
export class SimulatedIOPS implements IOPS {
  readonly #network: SimulatedNetwork;
  readonly #host: string;
  readonly #loop: EventLoop;
  readonly #timers = new Map<TimerEvent, Scheduled>();
  readonly #sockets = new Set<SimulatedSocket>();

  /** @param host the host of the network that this program runs on. */
  constructor(network: SimulatedNetwork, host: string) {
    this.#network = network;
    this.#host = host;
    this.#loop = network.loopOf(host);
  }

  /** Sockets that were opened and not destroyed. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** When the first of the bytes arrived that no socket has read, in microseconds; undefined when there are none. */
  get unreadSince(): number | undefined {
    const times = [...this.#sockets].map(({ unreadSince }) => unreadSince).filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Timers that are armed. */
  get armedTimers(): number {
    return this.#timers.size;
  }

  updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    const socket = event.socket as SimulatedSocket | undefined;
    socket?.watch(action === EventAction.Watch ? flags : 0);
    if (action === EventAction.Cleanup) event.socket = undefined;
  }

  updateTimer(timer: TimerEvent, action: EventAction, usecs: number): void {
    this.#timers.get(timer)?.cancel();
    this.#timers.delete(timer);
    if (action !== EventAction.Watch) return;
    const fire = (): void => {
      this.#timers.delete(timer);
      timer.ready(0);
    };
    this.#timers.set(timer, this.#loop.after(usecs, fire));
  }

  startWatching(): void {}

  stopWatching(): void {}

  openSocket(event: IOEvent, target: SocketTarget): IOSocket {
    const socket = new SimulatedSocket(this.#network, event, this.#host, target, () => this.#sockets.delete(socket));
    this.#sockets.add(socket);
    event.socket = socket;
    return socket;
  }

  /** Takes virtual time, as it would take real time: a microsecond for each two iterations. */
  deriveKey(asked: KeyDerivation, derived: (error: Error | null, key: Uint8Array) => void): void {
    const { password, salt, iterations, bytes, hash } = asked;
    const key = pbkdf2Sync(password, salt, iterations, bytes, hash);
    this.#network.schedule.after(iterations / 2, () => derived(null, key));
  }

  now(): number {
    return this.#network.now;
  }

  randomBytes(count: number): Buffer {
    return this.#network.random.bytes(count);
  }
}

/** A socket of a simulated network behind one-shot readiness. */
class SimulatedSocket implements IOSocket {
  readonly fileno: number;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #network: SimulatedNetwork;
  readonly #event: IOEvent;
  readonly #loop: EventLoop;
  readonly #endpoint: Endpoint;
  readonly #onDestroyed: () => void;
  #watched = 0;
  #isDeliveryDue = false;
  #isSending = false;
  #isDestroyed = false;

  constructor(network: SimulatedNetwork, event: IOEvent, host: string, target: SocketTarget, onDestroyed: () => void) {
    this.#network = network;
    this.#event = event;
    this.#loop = network.loopOf(host);
    this.#onDestroyed = onDestroyed;
    this.remoteAddress = `${target.host}:${target.port}`;
    this.fileno = network.freePort();
    this.localAddress = `${host}:${this.fileno}`;
    this.#endpoint = network.connect(host, target.host, target.port, {
      readable: () => this.#signal(),
      writable: () => {
        this.#isSending = false;
        this.#signal();
      },
    });
  }

  /** False while bytes wait, as they come before the orderly end; a broken connection loses them. */
  get ended(): boolean {
    const { ended, error, hasUnread } = this.#endpoint;
    return ended && (error !== undefined || !hasUnread);
  }

  /** What a broken connection had not delivered is lost with it. */
  get unreadSince(): number | undefined {
    return this.#endpoint.error === undefined ? this.#endpoint.unreadSince : undefined;
  }

  get error(): Error | undefined {
    return this.#endpoint.error;
  }

  recv(): Buffer | undefined {
    return this.#endpoint.read();
  }

  send(bytes: Buffer): boolean {
    this.#endpoint.write(bytes);
    this.#isSending = this.#endpoint.backlogBytes > 0;
    // The bytes were copied, but the caller waits after `false` until they have left.
    return !this.#isSending;
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#watched = 0;
    this.#endpoint.destroy();
    this.#onDestroyed();
  }

  watch(flags: number): void {
    this.#watched = this.#isDestroyed ? 0 : flags;
    this.#signal();
  }

  /** Delivers what is both ready and watched, at this time but not within this call. */
  #signal(): void {
    if (this.#isDeliveryDue || (this.#watched & this.#readiness()) === 0) return;
    this.#isDeliveryDue = true;
    this.#network.soon(() => this.#loop.deliver(() => this.#deliver()));
  }

  #deliver(): void {
    this.#isDeliveryDue = false;
    const flags = this.#watched & this.#readiness();
    if (flags === 0) return;
    this.#watched = 0;
    this.#event.ready(flags);
  }

  #readiness(): number {
    if (this.#isDestroyed) return 0;
    const endpoint = this.#endpoint;
    if (this.ended) return LCB_READ_EVENT | LCB_WRITE_EVENT;
    const readable = endpoint.hasUnread ? LCB_READ_EVENT : 0;
    return endpoint.isConnected && !this.#isSending ? readable | LCB_WRITE_EVENT : readable;
  }
}
