import { EventAction, LCB_READ_EVENT, LCB_WRITE_EVENT } from '../iops/constants.js';
import { type EventHandler, IOEvent } from '../iops/event.js';
import type { IOSocket, SocketTarget } from '../iops/iops.js';
import type { Bench } from './bench.js';

/** A socket used as the core uses it, with a record of what was delivered. */
export class SocketProbe implements EventHandler {
  readonly event: IOEvent;
  readonly socket: IOSocket;
  /** The flags of every delivery. */
  readonly deliveries: number[] = [];
  /** Called at every delivery, from inside the handler. */
  reaction: ((flags: number) => void) | undefined = undefined;
  readonly #bench: Bench;
  #watched = 0;
  #cleanedUp = false;

  constructor(bench: Bench, target: SocketTarget) {
    this.#bench = bench;
    this.event = bench.iops.ioEventFactory?.() ?? new IOEvent();
    this.event.handler = this;
    this.socket = bench.call('openSocket', () => bench.iops.openSocket(this.event, target));
  }

  watch(flags: number): void {
    this.#watched = flags;
    this.#update(EventAction.Watch, flags);
    this.event.flags = flags;
    this.event.state = 'active';
  }

  unwatch(): void {
    this.#watched = 0;
    this.#update(EventAction.Unwatch, 0);
    this.event.flags = 0;
  }

  /** Ends the event; the core sets its state to `freed` afterwards. */
  cleanup(): void {
    if (this.#cleanedUp) return;
    this.#cleanedUp = true;
    this.#watched = 0;
    this.#update(EventAction.Cleanup, 0);
    this.event.state = 'freed';
  }

  destroy(): void {
    this.#watched = 0;
    this.#bench.call('destroy', () => this.socket.destroy());
  }

  recv(): Buffer | undefined {
    return this.#bench.call('recv', () => this.socket.recv());
  }

  send(bytes: Buffer): boolean {
    return this.#bench.call('send', () => this.socket.send(bytes));
  }

  onReady(flags: number): void {
    this.#bench.delivery('readiness', () => {
      const watched = this.#watched;
      this.#watched = 0;
      this.deliveries.push(flags);
      if (watched === 0) this.#bench.breach(`readiness ${flags} was delivered while nothing was watched`);
      else if (flags === 0 || (flags & ~watched) !== 0) {
        this.#bench.breach(`readiness ${flags} was delivered while ${watched} was watched`);
      }
      this.reaction?.(flags);
    });
  }

  /** Watches until one of the flags is delivered, and returns what was delivered. */
  async ready(flags: number, what: string): Promise<number> {
    const before = this.deliveries.length;
    this.watch(flags);
    await this.#bench.until(() => this.deliveries.length > before, what);
    return this.deliveries[before] ?? 0;
  }

  /** Waits for write readiness on a sound connection. */
  async writable(): Promise<void> {
    await this.ready(LCB_WRITE_EVENT, 'write readiness');
    const { error, ended } = this.socket;
    if (error !== undefined || ended) throw new Error(`the socket broke: ${error?.message ?? 'the peer ended'}`);
  }

  /** Receives as the core does, one block per delivery, until there are `count` bytes or the stream is over. */
  async read(count: number): Promise<Buffer> {
    const blocks: Buffer[] = [];
    let total = 0;
    let over = false;
    this.reaction = () => {
      const endedBefore = this.socket.ended;
      const bytes = this.recv();
      if (bytes === undefined) over = endedBefore;
      else {
        if (endedBefore) this.#bench.breach('`ended` was true while there still was something to receive');
        blocks.push(Buffer.from(bytes));
        total += bytes.length;
        // As the core may: they are the receiver's until it watches for more.
        bytes.fill(0xee);
      }
      if (total < count && !over) this.watch(LCB_READ_EVENT);
    };
    this.watch(LCB_READ_EVENT);
    await this.#bench.until(() => total >= count || over, `${count} bytes are received`);
    this.reaction = undefined;
    return Buffer.concat(blocks);
  }

  #update(action: EventAction, flags: number): void {
    this.#bench.call('updateEvent', () => this.#bench.iops.updateEvent(this.event, action, flags));
  }
}
