import {
  type CouchbaseError,
  Datatype,
  type Frame,
  FrameParser,
  FrameWriter,
  featureName,
  Magic,
  TimeoutError,
} from '@cb/protocol';
import { Bootstrap } from './bootstrap.js';
import type { BootstrapOutcome } from './bootstrap-session.js';
import { type CompressionSettings, inflateFrame } from './compression.js';
import type { ConnectionOwner } from './connection-owner.js';
import type { Address, ConnectionSettings } from './connection-settings.js';
import { Deadlines } from './deadlines.js';
import type { HoldUp } from './hold-up.js';
import { EventAction, LCB_READ_EVENT, LCB_RW_EVENT, LCB_WRITE_EVENT } from './iops/constants.js';
import { type EventHandler, IOEvent } from './iops/event.js';
import type { IOPS } from './iops/iops.js';
import { JsonRun, type JsonRunOwner } from './json-run.js';
import type { Operation, OperationHolder } from './operation.js';
import { answersOther, notOffered, unanswered, undecodable } from './operation-errors.js';
import { RequestWriter } from './request-writer.js';
import type { Result } from './results.js';
import { Slots } from './slots.js';
import { asBroken, freeSocket, socketFailed } from './socket-troubles.js';
import { TimeLimit } from './time-limit.js';
import { soon } from './turns.js';

/**
 * `opening -> bootstrapping -> ready -> closed`, and to `closed` from everywhere.
 */
export type ConnectionState = 'opening' | 'bootstrapping' | 'ready' | 'closed';

/** Above this many unsent bytes a connection takes no more operations. */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
/** With fewer operations than this, a block may wait for more, if as many answers are awaited elsewhere. */
const FEW_OPERATIONS = 8;

/**
 * One key-value connection: frames out in one block per event-loop turn, frames in as they arrive, each to the
 * operation that its opaque names. Hot file.
 */
export class Connection implements EventHandler, OperationHolder, JsonRunOwner {
  readonly address: Address;
  readonly slots = new Slots();
  readonly #iops: IOPS;
  #owner: ConnectionOwner;
  readonly #event: IOEvent;
  readonly #parser: FrameParser;
  readonly #documents: JsonRun;
  readonly #bootstrap: Bootstrap;
  readonly #opening: TimeLimit;
  #state: ConnectionState = 'opening';
  /** Requests are written here … */
  #block = new FrameWriter(BLOCK_BYTES);
  /** … while the socket still has this one. */
  #spare = new FrameWriter(BLOCK_BYTES);
  #inDelivery = false;
  /** Takes no operations: too many bytes are unsent, or too many operations wait for answers. */
  #isFull = false;
  /** Why nothing more is sent: the connection closes with the last answer. */
  #ending: CouchbaseError | undefined = undefined;
  #writer = new RequestWriter(new Set(), undefined);
  readonly #compression: CompressionSettings | undefined;
  readonly #deadlines = new Deadlines(this, () => this.slots.unordered());
  /** Answers that nobody waited for any more. */
  orphans = 0;
  /** How much was received so far. */
  receivedBytes = 0;
  /** When bytes were last received, in microseconds on the IOPS clock; undefined for never. */
  lastActivity: number | undefined = undefined;
  /** How many operations were written, and how many answers came, which is in the same order. */
  sent = 0;
  answers = 0;
  /** Of the written ones, how many the socket was given. */
  #flushed = 0;
  /** What is in the block waits for the end of this turn of the event loop. */
  #isWaiting = false;

  constructor(iops: IOPS, address: Address, settings: ConnectionSettings, owner: ConnectionOwner) {
    this.address = address;
    this.#iops = iops;
    this.#owner = owner;
    this.#opening = new TimeLimit(iops.now(), settings.connectTimeoutMs);
    this.#compression = settings.compression;
    this.#bootstrap = new Bootstrap(settings, address.host, (count) => iops.randomBytes(count));
    this.#parser = new FrameParser((frame) => this.#onFrame(frame), { reads: 'responses' });
    this.#documents = new JsonRun(this, iops.randomBytes(4));
    this.#event = iops.ioEventFactory?.() ?? new IOEvent();
    this.#event.handler = this;
    const { sockets, tls } = settings;
    try {
      iops.openSocket(this.#event, { ...address, ...sockets, ...(tls && { tls: tls.target() }) });
      this.#watch(LCB_WRITE_EVENT);
    } catch (thrown) {
      this.#breakLater(thrown);
    }
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** `host:port`, as it appears in errors. */
  get name(): string {
    return `${this.address.host}:${this.address.port}`;
  }

  /** Where it is on its way to being ready: `connect`, TLS included, or a step of the bootstrap. */
  get step(): string {
    return this.#state === 'opening' ? 'connect' : this.#bootstrap.step;
  }

  /** The near end as `address:port`, once connected. */
  get localAddress(): string | undefined {
    return this.#event.socket?.localAddress;
  }

  /** True when `send` may be called. */
  get isWritable(): boolean {
    return this.#state === 'ready' && !this.#isFull && this.#ending === undefined;
  }

  /** What the server agreed to, once ready. */
  get outcome(): BootstrapOutcome {
    return this.#bootstrap.outcome;
  }

  /** Passes the connection on: from now on the other owner hears of it. */
  handOver(owner: ConnectionOwner): void {
    this.#owner = owner;
  }

  /** Writes the operation's request into the outgoing block. Allowed while `isWritable`. */
  send(operation: Operation): void {
    if (operation.requires !== undefined && !this.#offers(operation, operation.requires)) return;
    const block = this.#block;
    if (block.length === 0 && !this.#inDelivery) this.#watch(LCB_RW_EVENT);
    operation.state = 'sent';
    operation.holder = this;
    operation.attempts++;
    this.sent++;
    this.slots.add(operation);
    this.#deadlines.add(operation);
    this.#writer.write(operation, block);
    if (block.length > UNSENT_BYTES_MAX || this.slots.isFull) this.#isFull = true;
  }

  /** Whether the server has what the operation needs; fails it when not. */
  #offers(operation: Operation, features: readonly number[]): boolean {
    const missing = features.find((feature) => !this.outcome.features.has(feature));
    if (missing === undefined) return true;
    operation.holder = undefined;
    operation.failLater(notOffered(operation, featureName(missing), this.name));
    return false;
  }

  release(operation: Operation): boolean {
    return this.slots.take(operation.opaque) !== undefined;
  }

  /** Fails with `TimeoutError` what is over its deadline. */
  sweep(now: number): void {
    if (this.#state === 'opening' || this.#state === 'bootstrapping') {
      if (this.#opening.isOver(now)) this.close(new TimeoutError(`${this.name} did not answer ${this.step} in time`));
      return;
    }
    for (const operation of this.#deadlines.overdue(now)) this.#expire(operation);
    this.#takeMore();
    this.#endIfIdle();
  }

  /** Moves the deadlines of all that waits for answers. */
  extend(holdUp: HoldUp): void {
    this.#opening.extend(holdUp);
    this.#deadlines.extend(holdUp);
  }

  /** Takes no more operations, and closes when those on the wire are answered. */
  endAfterAnswers(error: CouchbaseError): void {
    this.#ending = error;
    this.#endIfIdle();
  }

  /** Closes at once. Operations on the wire are handed to the owner. */
  close(error: CouchbaseError): void {
    if (this.#state === 'closed') return;
    const { step } = this;
    this.#state = 'closed';
    this.#parser.stop();
    freeSocket(this.#iops, this.#event);
    this.#owner.connectionClosed(this, error, step, this.slots.takeAll());
  }

  onReady(flags: number): void {
    this.#inDelivery = true;
    try {
      if ((flags & LCB_WRITE_EVENT) !== 0) this.#onWritable();
      if ((flags & LCB_READ_EVENT) !== 0 && this.#state !== 'closed') this.#onReadable();
      this.#takeMore();
      this.#endIfIdle();
    } finally {
      this.#inDelivery = false;
      if (this.#state !== 'closed')
        this.#watch(this.#block.length + this.#spare.length > 0 ? LCB_RW_EVENT : LCB_READ_EVENT);
    }
  }

  #watch(flags: number): void {
    try {
      this.#iops.updateEvent(this.#event, EventAction.Watch, flags);
    } catch (thrown) {
      this.#breakLater(thrown);
    }
    this.#event.flags = flags;
    this.#event.state = 'active';
  }

  /** The IOPS threw: closes the connection, not within this call, whose caller is not prepared for that. */
  #breakLater(thrown: unknown): void {
    soon(() => this.close(asBroken(this.name, thrown)));
  }

  #endIfIdle(): void {
    if (this.#ending !== undefined && this.slots.count === 0) this.close(this.#ending);
  }

  #onWritable(): void {
    const socket = this.#event.socket;
    if (socket === undefined || this.#failedSocket()) return;
    // The socket signals write readiness only when it has let go of the last block.
    this.#spare.reset();
    if (this.#state === 'opening') {
      this.#state = 'bootstrapping';
      this.#bootstrapped(() => this.#bootstrap.start(this.#block));
    }
    if (this.#state !== 'closed' && !this.#waitsForMore()) this.#flush();
  }

  /** Takes a step of the bootstrap: the one that writes first, or an answer. True when that was the last. */
  #bootstrapped(step: () => boolean): boolean {
    try {
      return step();
    } catch (thrown) {
      this.close(asBroken(this.name, thrown));
      return false;
    }
  }

  /**
   * A few operations wait, once, for more that answers from other nodes may bring in this turn of the event loop: a system
   * call for each would take longer than all the rest. The next delivery comes when the turn is over.
   */
  #waitsForMore(): boolean {
    const isFew = this.#state === 'ready' && this.sent - this.#flushed < FEW_OPERATIONS;
    this.#isWaiting = isFew && !this.#isWaiting && this.#owner.othersAwait(FEW_OPERATIONS);
    return this.#isWaiting;
  }

  /** Hands the block to the socket; while the socket keeps it, requests go to the other one. */
  #flush(): void {
    const socket = this.#event.socket;
    const block = this.#block;
    if (socket === undefined || block.length === 0) return;
    this.#flushed = this.sent;
    try {
      if (socket.send(block.written)) block.reset();
      else [this.#block, this.#spare] = [this.#spare, block];
    } catch (thrown) {
      this.close(asBroken(this.name, thrown));
    }
  }

  /** Tells the owner, when there is room again. */
  #takeMore(): void {
    if (!this.#isFull || this.#block.length > UNSENT_BYTES_MAX || this.slots.isFull) return;
    this.#isFull = false;
    this.#owner.connectionDrained(this);
  }

  #onReadable(): void {
    const socket = this.#event.socket;
    if (socket === undefined) return;
    let bytes: Buffer | undefined;
    try {
      bytes = socket.recv();
      if (bytes !== undefined) this.#received(bytes);
    } catch (thrown) {
      this.#documents.end();
      this.close(asBroken(this.name, thrown));
      return;
    }
    if (bytes === undefined) this.#failedSocket();
  }

  #received(bytes: Buffer): void {
    this.receivedBytes += bytes.length;
    this.lastActivity = this.#iops.now();
    this.#documents.begin(bytes);
    this.#parser.push(bytes);
  }

  /** Closes when the socket has ended; true when it has. */
  #failedSocket(): boolean {
    const socket = this.#event.socket;
    if (socket === undefined || !socket.ended) return false;
    this.close(socketFailed(this.name, socket.error));
    return true;
  }

  #onFrame(frame: Frame): void {
    if (this.#state === 'ready' && this.#documents.takes(frame)) return;
    if (this.#state === 'ready') {
      if (frame.magic === Magic.ServerRequest) this.#owner.serverRequest(frame, this);
      else this.#onAnswer(frame);
    } else if (this.#state === 'bootstrapping' && frame.magic !== Magic.ServerRequest) {
      this.#onBootstrapAnswer(frame);
    }
  }

  answered(opaque: number): Operation | undefined {
    this.answers++;
    const operation = this.slots.take(opaque);
    if (operation === undefined) this.orphans++;
    else operation.holder = undefined;
    return operation;
  }

  #onAnswer(frame: Frame): void {
    const operation = this.answered(frame.opaque);
    if (operation === undefined) return;
    if (frame.opcode !== operation.opcode) {
      operation.fail(answersOther(operation, frame.opcode, this.name));
      return;
    }
    const plain = this.#inflated(operation, frame);
    if (plain === undefined) return;
    const { spec } = operation;
    const { status } = plain;
    if (status !== 0 && spec.accepts?.(status) !== true) {
      this.#owner.operationRefused(operation, plain, this);
      return;
    }
    let result: Result;
    try {
      if (spec.more?.(operation, plain) === true) {
        this.slots.restore(operation);
        this.answers--;
        operation.holder = this;
        return;
      }
      result = spec.result(operation, plain);
    } catch (error) {
      this.unreadable(operation, status, error);
      return;
    }
    this.succeeded(operation, result);
  }

  succeeded(operation: Operation, result: Result): void {
    this.#owner.operationSucceeding(operation);
    if (operation.endurance === undefined) operation.succeed(result);
    else this.#owner.operationStored(operation, result);
  }

  unreadable(operation: Operation, status: number, error: unknown): void {
    operation.fail(undecodable(operation, status, this.name, error));
  }

  /** The answer with its value inflated; undefined when that failed, and the operation with it. */
  #inflated(operation: Operation, frame: Frame): Frame | undefined {
    if ((frame.datatype & Datatype.Snappy) === 0) return frame;
    try {
      return inflateFrame(frame);
    } catch (error) {
      this.unreadable(operation, frame.status, error);
      return undefined;
    }
  }

  #onBootstrapAnswer(frame: Frame): void {
    if (!this.#bootstrapped(() => this.#bootstrap.answer(frame, this.#block))) return;
    this.#writer = new RequestWriter(this.outcome.features, this.#compression);
    this.#state = 'ready';
    this.#owner.connectionReady(this, this.outcome);
  }

  #expire(operation: Operation): void {
    this.slots.take(operation.opaque);
    operation.holder = undefined;
    this.#owner.operationExpired(operation);
    operation.fail(unanswered(operation, this.name));
  }
}
