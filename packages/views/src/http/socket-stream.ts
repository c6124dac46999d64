import { Duplex } from 'node:stream';
import { NetworkError } from '@cb/protocol';
import {
  EventAction,
  type EventHandler,
  IOEvent,
  type IOPS,
  type IOSocket,
  LCB_READ_EVENT,
  LCB_WRITE_EVENT,
  type SocketTarget,
  TimerEvent,
} from '@cb/raw';

type Done = (error?: Error | null) => void;

/** Servers close connections that nobody uses after five seconds; a request on its way then would be lost. */
const IDLE_MS = 4500;
/** So much earlier than the server says that it will. */
const AHEAD_MS = 500;
/** How much may be received before somebody reads it. */
const RECEIVED_BYTES_MAX = 128 * 1024;

/**
 * A socket of an IOPS as a stream, which is what `node:http` talks to. Who does not read from the stream makes it stop
 * asking for readiness, and so the server wait.
 */
export class SocketStream extends Duplex implements EventHandler {
  readonly #iops: IOPS;
  readonly #event: IOEvent;
  readonly #socket: IOSocket;
  readonly #timer: TimerEvent;
  /** `host:port`. */
  readonly #name: string;
  #connected = false;
  #reading = false;
  #inDelivery = false;
  #idleMs = IDLE_MS;
  /** A block that waits for write readiness. */
  #waiting: { readonly bytes: Buffer; readonly done: Done } | undefined = undefined;
  /** What to call when the socket has let go of the last block. */
  #sent: Done | undefined = undefined;

  /** Begins to connect; after `connectTimeoutMs` without success it fails. */
  constructor(iops: IOPS, target: SocketTarget, connectTimeoutMs: number) {
    super({ allowHalfOpen: false, readableHighWaterMark: RECEIVED_BYTES_MAX });
    this.#iops = iops;
    this.#name = `${target.host}:${target.port}`;
    this.#event = iops.ioEventFactory?.() ?? new IOEvent();
    this.#event.handler = this;
    this.#timer = iops.timerEventFactory?.() ?? new TimerEvent();
    this.#timer.keepsAlive = false;
    this.#timer.handler = { onReady: () => this.#timeIsUp(connectTimeoutMs) };
    this.#socket = iops.openSocket(this.#event, target);
    this.#watch();
    this.#arm(connectTimeoutMs);
  }

  /** Whether the far end was reached. */
  get connected(): boolean {
    return this.#connected;
  }

  /** The server said after how long it closes the connection when nobody uses it. */
  set serverIdleMs(ms: number) {
    this.#idleMs = Math.min(IDLE_MS, Math.max(0, ms - AHEAD_MS));
  }

  /** Nobody uses the connection: closes it after a while, unless `ref` is called before. */
  rest(): void {
    this.#arm(this.#idleMs);
  }

  /** Somebody uses the connection again; what an `Agent` calls then. */
  ref(): void {
    this.#iops.updateTimer(this.#timer, EventAction.Unwatch, 0);
  }

  onReady(flags: number): void {
    this.#inDelivery = true;
    try {
      if ((flags & LCB_WRITE_EVENT) !== 0) this.#onWritable();
      if ((flags & LCB_READ_EVENT) !== 0) this.#onReadable();
    } finally {
      this.#inDelivery = false;
      // The delivery disarmed the event.
      this.#event.flags = 0;
      this.#watch();
    }
  }

  override _read(): void {
    this.#reading = true;
    this.#watch();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#waiting = { bytes, done };
    this.#watch();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#timer.state !== 'freed') this.#iops.updateTimer(this.#timer, EventAction.Cleanup, 0);
    this.#timer.state = 'freed';
    this.#socket.destroy();
    this.#iops.updateEvent(this.#event, EventAction.Cleanup, 0);
    this.#event.state = 'freed';
    done(error);
  }

  /** Asks for the readiness that is waited for now. */
  #watch(): void {
    if (this.#inDelivery || this.destroyed || this.#event.state === 'freed') return;
    const writes = !this.#connected || this.#waiting !== undefined || this.#sent !== undefined;
    const flags = (this.#reading && this.#connected ? LCB_READ_EVENT : 0) | (writes ? LCB_WRITE_EVENT : 0);
    if (flags === this.#event.flags) return;
    this.#iops.updateEvent(this.#event, flags === 0 ? EventAction.Unwatch : EventAction.Watch, flags);
    this.#event.flags = flags;
    this.#event.state = 'active';
  }

  #onWritable(): void {
    if (this.#socket.ended) {
      this.#finish();
      return;
    }
    if (!this.#connected) {
      this.#connected = true;
      this.ref();
      this.emit('connect');
    }
    const sent = this.#sent;
    this.#sent = undefined;
    sent?.();
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    if (this.#socket.send(waiting.bytes)) waiting.done();
    else this.#sent = waiting.done;
  }

  #onReadable(): void {
    const bytes = this.#socket.recv();
    // The memory is the socket's again as soon as it is watched; what reads from a stream may keep what it got.
    if (bytes !== undefined) this.#reading = this.push(Buffer.from(bytes));
    else if (this.#socket.ended) this.#finish();
  }

  /** The socket has ended. */
  #finish(): void {
    const { error } = this.#socket;
    this.#reading = false;
    if (this.#connected && error === undefined) this.push(null);
    else
      this.destroy(
        new NetworkError(`${this.#name}: ${error?.message ?? 'the connection was closed'}`, { cause: error }),
      );
  }

  #timeIsUp(connectTimeoutMs: number): void {
    if (this.#connected) this.destroy();
    else this.destroy(new NetworkError(`${this.#name}: no connection within ${connectTimeoutMs} ms`));
  }

  #arm(ms: number): void {
    this.#timer.state = 'active';
    this.#iops.updateTimer(this.#timer, EventAction.Watch, ms * 1000);
  }
}
