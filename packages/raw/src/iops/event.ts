import { LCB_READ_EVENT, LCB_RW_EVENT, LCB_WRITE_EVENT } from './constants.js';
import type { IOSocket } from './iops.js';

/** What the core does when an event fires. */
export interface EventHandler {
  /** Called when the event is ready, with the flags of what it is ready for. */
  onReady(flags: number): void;
}

/** `freed` is final: a freed event ignores every signal. */
export type EventState = 'initialized' | 'active' | 'freed';

/** Something in the future that an IOPS signals by calling `ready`. */
export abstract class Event {
  /** Where the event is in its life. */
  state: EventState = 'initialized';
  /** Set by the core before it asks for the first watch. */
  handler: EventHandler | undefined = undefined;

  /** Signals that the event took place. Does nothing once the event is freed. */
  ready(flags: number): void {
    if (this.state !== 'freed') this.handler?.onReady(flags);
  }
}

/** An event of a socket. An IOPS may hand out a subclass of its own (`ioEventFactory`). */
export class IOEvent extends Event {
  /** The socket whose readiness this event reports; set by `IOPS.openSocket`. */
  socket: IOSocket | undefined = undefined;
  /** The flags of the watch now set, 0 for none. Kept by the core: during `updateEvent` it still has the former ones. */
  flags = 0;

  /** The number of the socket, -1 before there is one. */
  fileno(): number {
    return this.socket?.fileno ?? -1;
  }

  /** The socket can be read. */
  readyR(): void {
    this.ready(LCB_READ_EVENT);
  }

  /** The socket can be written. */
  readyW(): void {
    this.ready(LCB_WRITE_EVENT);
  }

  /** The socket can be read and written. */
  readyRw(): void {
    this.ready(LCB_RW_EVENT);
  }
}

/** The passage of time; `ready(0)` is called once for each watch. */
export class TimerEvent extends Event {
  /** Whether the process stays alive for it. */
  keepsAlive = true;
}
