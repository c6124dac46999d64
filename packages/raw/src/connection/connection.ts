import {
  type CouchbaseError,
  Datatype,
  Feature,
  type Frame,
  FrameParser,
  featureName,
  Magic,
  TimeoutError,
} from '@cb/protocol';
import { EventAction, LCB_READ_EVENT, LCB_RW_EVENT, LCB_WRITE_EVENT } from '../iops/constants.js';
import { type EventHandler, IOEvent } from '../iops/event.js';
import type { IOPS } from '../iops/iops.js';
import { soon } from '../iops/turns.js';
import type { ConnectionState } from '../operation/cluster-view.js';
import { Deadlines } from '../operation/deadlines.js';
import type { Operation, OperationHolder } from '../operation/operation.js';
import { answersOther, notOffered, unanswered, undecodable } from '../operation/operation-errors.js';
import type { Result } from '../results/results.js';
import type { HoldUp } from '../time/hold-up.js';
import { TimeLimit } from '../time/time-limit.js';
import { type CompressionSettings, inflateFrame } from '../values/compression.js';
import { Bootstrap, type BootstrapAction } from './bootstrap.js';
import type { BootstrapOutcome } from './bootstrap-session.js';
import type { AnswerHandler, ConnectionEvents, ConnectionOwner } from './connection-owner.js';
import type { Address, ConnectionSettings } from './connection-settings.js';
import { JsonRun, type JsonRunOwner } from './json-run.js';
import { FEW_REQUESTS, Outbox } from './outbox.js';
import { RequestWriter } from './request-writer.js';
import { Slots } from './slots.js';
import { asBroken, beforeAnything, freeSocket, socketFailed } from './socket-troubles.js';

/** High-water mark of unsent bytes: above it, the connection takes no more operations. */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * One key-value connection: frames out in one block per event-loop turn, frames in as they arrive, each to the
 * operation that its opaque names. Hot file.
 */
export class Connection implements EventHandler, OperationHolder, JsonRunOwner {
  readonly address: Address;
  readonly slots: Slots;
  readonly #iops: IOPS;
  #events: ConnectionEvents;
  #answers: AnswerHandler | undefined = undefined;
  readonly #event: IOEvent;
  readonly #parser: FrameParser;
  readonly #documents: JsonRun;
  readonly #bootstrap: Bootstrap;
  readonly #opening: TimeLimit;
  readonly #isTls: boolean;
  #state: ConnectionState = 'opening';
  readonly #outbox = new Outbox();
  #inDelivery = false;
  /** Takes no operations: too many bytes are unsent, or too many operations outstanding. */
  #isFull = false;
  /** Why nothing more is sent: the connection closes with the last answer. */
  #ending: CouchbaseError | undefined = undefined;
  #writer = new RequestWriter(new Set(), undefined);
  readonly #compression: CompressionSettings | undefined;
  readonly #isMoreAwaited = (): boolean => this.#answers?.othersAwait(FEW_REQUESTS) === true;
  readonly #deadlines = new Deadlines(this, () => this.slots.unordered());
  /** Number of answers without an outstanding operation. */
  orphans = 0;
  /** How much was received so far. */
  receivedBytes = 0;
  /** When bytes were last received, in microseconds on the IOPS clock; undefined for never. */
  lastActivity: number | undefined = undefined;

  constructor(iops: IOPS, address: Address, settings: ConnectionSettings, events: ConnectionEvents) {
    this.address = address;
    this.slots = new Slots(settings.keysOnWire);
    this.#iops = iops;
    this.#events = events;
    this.#opening = new TimeLimit(iops.now(), settings.connectTimeoutMs);
    this.#compression = settings.compression;
    this.#bootstrap = new Bootstrap(settings, address.host, iops, (step) => this.#resumeBootstrap(step));
    this.#parser = new FrameParser((frame) => this.#onFrame(frame), { reads: 'responses' });
    this.#documents = new JsonRun(this, iops.randomBytes(4));
    this.#event = iops.ioEventFactory?.() ?? new IOEvent();
    this.#event.handler = this;
    const { sockets, tls } = settings;
    this.#isTls = tls !== undefined;
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

  /** The step on the way to ready: `connect`, TLS included, or a step of the bootstrap. */
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

  /** The server carries operations out in any order. */
  get isUnordered(): boolean {
    return this.outcome.features.has(Feature.UnorderedExecution);
  }

  /** Passes the connection to another owner, which gets its events from now on. */
  handOver(owner: ConnectionOwner): void {
    this.#events = owner;
    this.#answers = owner;
  }

  /** Writes the operation's request into the outgoing block. Allowed while `isWritable`. */
  send(operation: Operation): void {
    if (operation.requires !== undefined && !this.#offers(operation, operation.requires)) return;
    const { block } = this.#outbox;
    if (block.length === 0 && !this.#inDelivery) this.#watch(LCB_RW_EVENT);
    operation.state = 'sent';
    operation.holder = this;
    operation.attempts++;
    this.#outbox.written++;
    this.slots.add(operation);
    this.#deadlines.add(operation);
    this.#writer.write(operation, block);
    if (block.length > UNSENT_BYTES_MAX || this.slots.isFull) this.#isFull = true;
  }

  /**
   * Lets the operation have the answer to another one's request, too: the same read, which the socket has not been given.
   * True when it does. Allowed while `isWritable`.
   */
  share(leader: Operation, operation: Operation): boolean {
    const { spec, collectionId } = operation;
    if (leader.spec !== spec || spec.isSameRequest?.(leader, operation) !== true) return false;
    if (leader.collectionId !== collectionId || ((leader.opaque - this.#outbox.firstOpaque) | 0) < 0) return false;
    operation.state = 'sent';
    operation.holder = this;
    operation.attempts++;
    this.slots.follow(leader, operation);
    this.#deadlines.add(operation);
    if (this.slots.isFull) this.#isFull = true;
    return true;
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
    return this.slots.remove(operation);
  }

  /** Fails overdue operations with `TimeoutError`. */
  sweep(now: number): void {
    if (this.#state === 'opening' || this.#state === 'bootstrapping') {
      if (this.#opening.isOver(now)) this.close(new TimeoutError(`${this.name} did not answer ${this.step} in time`));
      return;
    }
    for (const operation of this.#deadlines.overdue(now)) this.#expire(operation);
    this.#takeMore();
    this.#endIfIdle();
  }

  /** Moves the deadlines of all outstanding operations. */
  extend(holdUp: HoldUp): void {
    this.#opening.extend(holdUp);
    this.#deadlines.extend(holdUp);
  }

  /** Stops taking operations, and closes when those in flight are answered. */
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
    this.#events.connectionClosed(this, error, step, this.slots.takeAll());
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
      if (this.#state !== 'closed') this.#watch(this.#outbox.isEmpty ? LCB_READ_EVENT : LCB_RW_EVENT);
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
    // The socket signals write readiness only when it has released the last block.
    this.#outbox.sent();
    if (this.#state === 'opening') {
      this.#state = 'bootstrapping';
      this.#attempt(() => this.#bootstrap.start(this.#outbox.block));
    }
    if (this.#state === 'ready' && this.#outbox.waitsForMore(this.#isMoreAwaited)) return;
    if (this.#state !== 'closed') this.#attempt(() => this.#outbox.flush(socket, this.slots.next));
  }

  /** Takes a step that ends the connection if it throws, and returns what it returns; false when it threw. */
  #attempt(step: () => boolean): boolean {
    try {
      return step();
    } catch (thrown) {
      this.close(asBroken(this.name, thrown));
      return false;
    }
  }

  /** Takes a step of the bootstrap that no answer brings. */
  #resumeBootstrap(step: BootstrapAction): void {
    if (this.#state !== 'bootstrapping') return;
    this.#attempt(() => step(this.#outbox.block));
    if (this.#state === 'bootstrapping') this.#watch(LCB_RW_EVENT);
  }

  /** Notifies the owner when there is room again. */
  #takeMore(): void {
    if (!this.#isFull || this.#outbox.block.length > UNSENT_BYTES_MAX || this.slots.isFull) return;
    this.#isFull = false;
    this.#answers?.connectionDrained(this);
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
    const soFar = this.receivedBytes > 0 ? '' : beforeAnything(this.#isTls, this.#state === 'opening');
    this.close(socketFailed(this.name, socket.error, soFar));
    return true;
  }

  #onFrame(frame: Frame): void {
    if (this.#state === 'ready' && this.#documents.takes(frame)) return;
    if (this.#state === 'ready') {
      if (frame.magic === Magic.ServerRequest) this.#events.serverRequest(frame, this);
      else this.#onAnswer(frame);
    } else if (this.#state === 'bootstrapping' && frame.magic !== Magic.ServerRequest) {
      this.#onBootstrapAnswer(frame);
    }
  }

  answered(opaque: number): Operation | undefined {
    const operation = this.slots.take(opaque);
    if (operation === undefined) this.orphans++;
    else operation.holder = undefined;
    return operation;
  }

  #onAnswer(frame: Frame): void {
    const { opaque } = frame;
    const isShared = this.slots.isShared(opaque);
    const operation = this.answered(opaque);
    if (operation === undefined) return;
    this.#deliver(operation, frame);
    // Until its turn comes, each counts as in flight: it can be cancelled, or lost with the connection.
    while (isShared && this.slots.find(opaque) !== undefined) {
      frame.startChunk();
      this.#deliver(this.answered(opaque)!, frame);
    }
  }

  #deliver(operation: Operation, frame: Frame): void {
    if (frame.opcode !== operation.opcode) {
      operation.fail(answersOther(operation, frame.opcode, this.name));
      return;
    }
    const plain = this.#inflated(operation, frame);
    if (plain === undefined) return;
    const { status } = plain;
    if (status !== 0 && operation.spec.accepts?.(status) !== true) {
      this.#answers!.operationRefused(operation, plain, this);
      return;
    }
    let result: Result;
    try {
      if (operation.spec.more?.(operation, plain) === true) {
        this.slots.restore(operation);
        operation.holder = this;
        return;
      }
      result = operation.spec.result(operation, plain);
    } catch (error) {
      this.unreadable(operation, status, error);
      return;
    }
    this.succeeded(operation, result);
  }

  succeeded(operation: Operation, result: Result): void {
    this.#answers!.operationSucceeding(operation);
    if (operation.endurance === undefined) operation.succeed(result);
    else this.#answers!.operationStored(operation, result);
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
    if (!this.#attempt(() => this.#bootstrap.answer(frame, this.#outbox.block))) return;
    this.#writer = new RequestWriter(this.outcome.features, this.#compression);
    this.#state = 'ready';
    this.#events.connectionReady(this, this.outcome);
  }

  #expire(operation: Operation): void {
    this.slots.remove(operation);
    this.#answers!.operationExpired(operation);
    operation.fail(unanswered(operation, this.name));
  }
}
