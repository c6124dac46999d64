import {
  EventAction,
  type EventHandler,
  IOEvent,
  type IOPS,
  type IOSocket,
  LCB_READ_EVENT,
  LCB_WRITE_EVENT,
  NetworkError,
  type SocketTarget,
  TimerEvent,
} from '@cb/raw';
import { asBroken, freeSocket, socketFailed } from '@cb/raw/internal';

const { Duplex } = process.getBuiltinModule('node:stream');

type Done = (error?: Error | null) => void;

/**
 * Milliseconds by which an idle connection is closed before the server would close it, because a request sent then
 * would be lost.
 */
const AHEAD_MS = 500;
/** Maximum number of bytes received and not read yet. */
const RECEIVED_BYTES_MAX = 128 * 1024;

/** The end of the head of an HTTP message. */
const HEAD_END = '\r\n\r\n';
const EMPTY = Buffer.alloc(0);

/** Reads a body that is diverted from the stream. */
export interface BodyReader {
  /**
   * Reads the next bytes, which are valid until it returns. Returns undefined as long as it needs more; at the end of
   * the body, the bytes that go to the stream. An error that it throws breaks the stream.
   */
  take(bytes: Buffer): Buffer | undefined;
}

/**
 * A socket of an IOPS as the stream that `node:http` needs. A slow reader stops it from asking for readiness, and so
 * throttles the server.
 *
 * `node:http` copies each chunk of a body and passes it through two streams. The server sends rows in chunks of 4 KB,
 * for which that takes a third of the time of their `JSON.parse`. A body can therefore be diverted: then only the head
 * of the answer, and the end of its body, go through the stream.
 */
export class SocketStream extends Duplex implements EventHandler {
  readonly #iops: IOPS;
  readonly #event: IOEvent;
  readonly #timer: TimerEvent;
  /** `host:port`. */
  readonly #name: string;
  #connected = false;
  #reading = false;
  #inDelivery = false;
  #serverIdleMs = Number.POSITIVE_INFINITY;
  /** A request was sent, and the head of its answer is incomplete. */
  #isHeadDue = false;
  /** The last received bytes of the head, whose end may be split anywhere. */
  #headTail = EMPTY;
  /** The head of an answer is in the stream, and nothing after it yet. */
  #isAfterHead = false;
  #body: BodyReader | undefined = undefined;
  #isBodyHeld = false;
  /** A block that waits for write readiness. */
  #waiting: { readonly bytes: Buffer; readonly done: Done } | undefined = undefined;
  /** Called when the socket has released the last block. */
  #sent: Done | undefined = undefined;

  /** Starts connecting; fails after `connectTimeoutMs` without success. */
  constructor(iops: IOPS, target: SocketTarget, connectTimeoutMs: number) {
    super({ allowHalfOpen: false, readableHighWaterMark: RECEIVED_BYTES_MAX });
    this.#iops = iops;
    this.#name = `${target.host}:${target.port}`;
    this.#event = iops.ioEventFactory?.() ?? new IOEvent();
    this.#event.handler = this;
    this.#timer = iops.timerEventFactory?.() ?? new TimerEvent();
    this.#timer.keepsAlive = false;
    this.#timer.handler = { onReady: () => this.#timeIsUp(connectTimeoutMs) };
    try {
      iops.openSocket(this.#event, target);
      this.#watch();
      this.#arm(connectTimeoutMs);
    } catch (thrown) {
      // The caller learns of it later, as of any other connection that fails.
      this.destroy(asBroken(this.#name, thrown));
    }
  }

  /** Whether the connection was established. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Notes after how many milliseconds the server closes the connection when it is idle. */
  set serverIdleMs(ms: number) {
    this.#serverIdleMs = Math.max(0, ms - AHEAD_MS);
  }

  /** Marks the connection as idle: it closes after this many milliseconds, unless `ref` is called before. */
  rest(idleMs: number): void {
    this.#arm(Math.min(idleMs, this.#serverIdleMs));
  }

  /** Marks the connection as used again; called by `Agent`. */
  ref(): void {
    this.#iops.updateTimer(this.#timer, EventAction.Unwatch, 0);
  }

  /**
   * Diverts to a reader the body of the answer whose head was just read from the stream. False when some of it is in
   * the stream already: then all of it comes from there.
   */
  divert(body: BodyReader): boolean {
    if (!this.#isAfterHead) return false;
    this.#body = body;
    this.#isBodyHeld = false;
    return true;
  }

  /** Pauses or resumes a diverted body. */
  holdBody(isHeld: boolean): void {
    this.#isBodyHeld = isHeld;
    this.#watch();
  }

  onReady(flags: number): void {
    this.#inDelivery = true;
    const socket = this.#event.socket;
    try {
      if (socket !== undefined && (flags & LCB_WRITE_EVENT) !== 0) this.#onWritable(socket);
      if (socket !== undefined && (flags & LCB_READ_EVENT) !== 0) this.#onReadable(socket);
    } catch (thrown) {
      this.destroy(asBroken(this.#name, thrown));
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
    this.#isHeadDue = true;
    this.#headTail = EMPTY;
    this.#watch();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#timer.state !== 'freed') this.#iops.updateTimer(this.#timer, EventAction.Cleanup, 0);
    this.#timer.state = 'freed';
    freeSocket(this.#iops, this.#event);
    done(error);
  }

  /** Asks for the readiness that is needed now. */
  #watch(): void {
    if (this.#inDelivery || this.destroyed || this.#event.state === 'freed') return;
    const writes = !this.#connected || this.#waiting !== undefined || this.#sent !== undefined;
    const reads = this.#body === undefined ? this.#reading : !this.#isBodyHeld;
    const flags = (reads && this.#connected ? LCB_READ_EVENT : 0) | (writes ? LCB_WRITE_EVENT : 0);
    if (flags === this.#event.flags) return;
    try {
      this.#iops.updateEvent(this.#event, flags === 0 ? EventAction.Unwatch : EventAction.Watch, flags);
    } catch (thrown) {
      this.destroy(asBroken(this.#name, thrown));
      return;
    }
    this.#event.flags = flags;
    this.#event.state = 'active';
  }

  #onWritable(socket: IOSocket): void {
    if (socket.ended) {
      this.#finish(socket);
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
    if (socket.send(waiting.bytes)) waiting.done();
    else this.#sent = waiting.done;
  }

  #onReadable(socket: IOSocket): void {
    const bytes = socket.recv();
    if (bytes !== undefined) this.#receive(bytes);
    else if (socket.ended) this.#finish(socket);
  }

  #receive(bytes: Buffer): void {
    if (this.#body !== undefined) {
      this.#receiveBody(this.#body, bytes);
      return;
    }
    const bodyAt = this.#isHeadDue ? this.#bodyStart(bytes) : -1;
    if (bodyAt === -1) {
      this.#push(bytes);
      return;
    }
    this.#isHeadDue = false;
    this.#isAfterHead = true;
    this.#push(bytes.subarray(0, bodyAt));
    this.#isAfterHead = false;
    if (bodyAt < bytes.length) this.#receive(bytes.subarray(bodyAt));
  }

  /** Returns the offset in these bytes at which the body of an answer begins; -1 as long as its head is incomplete. */
  #bodyStart(bytes: Buffer): number {
    const tail = this.#headTail;
    const head = tail.length === 0 ? bytes : Buffer.concat([tail, bytes]);
    const end = head.indexOf(HEAD_END);
    if (end !== -1) return end + HEAD_END.length - tail.length;
    this.#headTail = Buffer.from(head.subarray(1 - HEAD_END.length));
    return -1;
  }

  #receiveBody(body: BodyReader, bytes: Buffer): void {
    try {
      const rest = body.take(bytes);
      if (rest === undefined) return;
      this.#body = undefined;
      this.#push(rest);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #push(bytes: Buffer): void {
    // A copy: the memory belongs to the socket again as soon as it is watched, and readers of a stream may keep their
    // chunks.
    this.#reading = this.push(Buffer.from(bytes));
  }

  /** Handles the end of the socket. */
  #finish({ error }: IOSocket): void {
    this.#reading = false;
    if (this.#connected && error === undefined) this.push(null);
    else this.destroy(socketFailed(this.#name, error));
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
