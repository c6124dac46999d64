import {
  AuthError,
  BucketNotFoundError,
  type CouchbaseError,
  type Frame,
  NetworkError,
  QueueFullError,
  Status,
  TimeoutError,
} from '@cb/protocol';
import type { BootstrapOutcome } from '../connection/bootstrap-session.js';
import { Connection } from '../connection/connection.js';
import type { ConnectionOwner } from '../connection/connection-owner.js';
import type { Address, ConnectionSettings } from '../connection/connection-settings.js';
import type { IOPS } from '../iops/iops.js';
import type { Operation } from '../operation/operation.js';
import { OperationQueue } from '../operation/operation-queue.js';
import type { Result } from '../results/results.js';
import type { HoldUp } from '../time/hold-up.js';
import { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.js';
import { PacedWrites } from './paced-writes.js';
import type { Retries } from './retries.js';

export interface EndpointSettings {
  /** Maximum number of operations that wait for one connection. */
  readonly queueMax: number;
  /** Maximum size of their values, in bytes. */
  readonly queueBytesMax: number;
  /** Undefined for no circuit breaker. */
  readonly circuitBreaker: CircuitBreakerOptions | undefined;
}

/** What an endpoint needs from the router. */
export interface EndpointOwner {
  readonly iops: IOPS;
  /** Whether other nodes have at least this many outstanding operations. */
  othersAwait(endpoint: NodeEndpoint, answers: number): boolean;
  readonly connectionSettings: ConnectionSettings;
  readonly endpointSettings: EndpointSettings;
  /** A node sent its configuration. */
  configArrived(outcome: BootstrapOutcome): void;
  operationRefused(operation: Operation, frame: Frame, connection: Connection): void;
  /** Operations were on the wire of a connection that broke, in the order in which they were sent. */
  operationsLost(operations: Operation[], error: CouchbaseError): void;
  operationSucceeding(operation: Operation): void;
  /** The circuit breaker keeps the operation from its node. */
  breakerRefused(operation: Operation, error: CouchbaseError): void;
  operationStored(operation: Operation, result: Result): void;
  serverRequest(frame: Frame, connection: Connection): void;
  /** Sends a probe through the connection of the endpoint with this id. */
  probe(id: string): void;
  readonly retries: Retries;
  /** Ticks are needed: something waits. */
  wake(): void;
}

/** Milliseconds from one attempt to connect to the next. */
const RECONNECT_MS = [0, 10, 50, 100, 500, 1000];

/**
 * All operations for one node: those that wait for its connection, in order, and the connection that carries the
 * others. A broken connection is opened again as soon as an operation waits for it.
 */
export class NodeEndpoint implements ConnectionOwner {
  readonly address: Address;
  /** Tells it from the other endpoints of its router: `host:port`, with `#n` for further ones to one node. */
  readonly id: string;
  readonly #owner: EndpointOwner;
  #connection: Connection | undefined = undefined;
  readonly #queue = new OperationQueue();
  #retired = false;
  #failures = 0;
  #connectAt = 0;
  /** When the connection was begun. */
  #begunAt = 0;
  /**
   * The connection is being opened without an operation that waits for it, which does not keep the process alive.
   */
  #inBackground = false;
  #lastError: CouchbaseError | undefined = undefined;
  /**
   * What the last connection was refused with, the password or the bucket. A node that is being restarted knows neither for a
   * while, so it is tried again like any other; it is the outcome of what waits until its deadline.
   */
  #refusal: AuthError | BucketNotFoundError | undefined = undefined;
  readonly #breaker: CircuitBreaker | undefined;
  readonly #paced: PacedWrites;
  /** How much its connection had received at the last beat. */
  #heardBytes = 0;
  /** A probe is on the wire that was sent at the last beat. */
  #probing = false;

  /** @param index counts the endpoints of one node, from 0 */
  constructor(address: Address, owner: EndpointOwner, index = 0) {
    this.address = address;
    this.id = index === 0 ? this.name : `${this.name}#${index}`;
    this.#owner = owner;
    const { circuitBreaker } = owner.endpointSettings;
    this.#paced = new PacedWrites(owner, () => this.awaited);
    this.#breaker = circuitBreaker === undefined ? undefined : new CircuitBreaker(circuitBreaker);
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Why operations cannot be sent, as far as is known: what is waited for, and what the last connection ended with. */
  trouble(): CouchbaseError | undefined {
    const connection = this.#connection;
    const cause = this.#lastError;
    if (connection === undefined) return cause;
    const ms = Math.round((this.#owner.iops.now() - this.#begunAt) / 1000);
    const why = this.#isOpening
      ? `has not answered ${connection.step}; the connection was begun ${ms} ms ago`
      : 'has not yet read or answered enough of what was sent to it before';
    return new TimeoutError(`${this.name} ${why}`, { node: this.name, cause });
  }

  /** True while something is waited for. */
  get isBusy(): boolean {
    return this.hasOperations || (this.#isOpening && !this.#inBackground);
  }

  /** True while an operation waits for the connection, or for its answer. */
  get hasOperations(): boolean {
    return this.#queue.count > 0 || this.awaited > 0;
  }

  get #isOpening(): boolean {
    const state = this.#connection?.state;
    return state === 'opening' || state === 'bootstrapping';
  }

  /** Takes over a connection that is ready. */
  adopt(connection: Connection): void {
    connection.handOver(this);
    this.#connection = connection;
    this.#drain();
  }

  /** Connects now, unless that was done. */
  connect(): void {
    if (this.#connection !== undefined || this.#retired) return;
    this.#inBackground = false;
    this.#begunAt = this.#owner.iops.now();
    this.#connection = new Connection(this.#owner.iops, this.address, this.#owner.connectionSettings, this);
    this.#connection.handOver(this);
    this.#owner.wake();
  }

  /** Connects, unless that was done, or the last attempt has just failed. */
  connectWhenDue(now: number): void {
    if (this.#connection === undefined && now >= this.#connectAt) this.connect();
  }

  /** Sends the operation, or keeps it until it can be sent. */
  submit(operation: Operation): void {
    if (this.#breaker?.allows(this.#owner.iops.now()) === false) {
      const message = `the circuit breaker of ${this.name} is open after repeated failures`;
      this.#owner.breakerRefused(operation, new NetworkError(message, { ...operation.details(), node: this.name }));
      return;
    }
    if (this.#paced.isOn && this.#paced.holds(operation)) return;
    const connection = this.#connection;
    if (connection?.isWritable === true && this.#queue.count === 0) {
      connection.send(operation);
      return;
    }
    // What was taken before is not refused now: its connection broke.
    if (this.fullness >= 1 && operation.isNew) {
      const { count, valueBytes } = this.#queue;
      const message = `${count} operations with ${valueBytes} bytes of values wait for ${this.name} already; no more are taken`;
      operation.failLater(new QueueFullError(message, { ...operation.details(), node: this.name }));
      return;
    }
    this.#queue.add(operation);
    if (connection === undefined) this.connectWhenDue(this.#owner.iops.now());
  }

  /** How many answers the connection waits for. */
  get awaited(): number {
    return this.#connection?.slots.count ?? 0;
  }

  /** The connection, if an operation that is submitted now is sent at once. */
  get open(): Connection | undefined {
    return this.#connection?.isWritable === true && this.#queue.count === 0 ? this.#connection : undefined;
  }

  /** Removes from the queue the operations that now belong elsewhere. */
  takeQueued(isTaken: (operation: Operation) => boolean): Operation[] {
    return this.#queue.takeIf(isTaken);
  }

  /** Connects when that is due, and fails overdue operations. */
  tick(now: number): void {
    this.#connection?.sweep(now);
    if (this.#queue.count > 0) {
      this.#expireQueued(now);
      this.#drain();
      this.connectWhenDue(now);
    }
    if (this.#paced.isOn) this.#paced.tick(now);
    if (this.#retired) this.#leaveWhenDone();
  }

  /** There is another map: what waits for this node to take more goes where that leads. */
  reroute(): void {
    this.#paced.releaseAll();
  }

  /** Moves the deadlines of all its operations, and that of its connection. */
  extend(holdUp: HoldUp): void {
    this.#connection?.extend(holdUp);
    this.#queue.extend(holdUp);
  }

  /** How much of what may wait for the connection does: from 0 to 1, or a bit more as the last value may be long. */
  get fullness(): number {
    const { queueMax, queueBytesMax } = this.#owner.endpointSettings;
    return Math.max(this.#queue.count / queueMax, this.#queue.valueBytes / queueBytesMax);
  }

  /** True when the last attempts to connect have all failed. */
  get isLost(): boolean {
    return this.#connection?.state !== 'ready' && this.#failures > 1;
  }

  /**
   * Called at intervals: reconnects, before an operation needs the connection. Probes a connection from which nothing came
   * since the last time, and discards it when it did not answer until the next time, which finds half-open connections.
   * After a sleep, one that was not silent is probed too: its node may have gone since.
   */
  beat(wasAsleep: boolean): void {
    const connection = this.#connection;
    if (connection?.state !== 'ready') {
      this.#probing = false;
      this.#connectInBackground(this.#owner.iops.now());
      return;
    }
    const isHeard = connection.receivedBytes !== this.#heardBytes;
    this.#heardBytes = connection.receivedBytes;
    if (isHeard && !wasAsleep) {
      this.#probing = false;
    } else if (this.#probing && !isHeard) {
      this.#probing = false;
      connection.close(new NetworkError(`${this.name} does not answer any more`, { node: this.name }));
    } else {
      this.#probing = true;
      this.#owner.probe(this.id);
    }
  }

  /** The node is no longer in use: returns the waiting operations; those in flight are still awaited. */
  retire(): Operation[] {
    this.#retired = true;
    const waiting = this.#queue.takeAll();
    this.#leaveWhenDone();
    return waiting;
  }

  /** Closes the connection at once and returns all operations. */
  abort(error: CouchbaseError): Operation[] {
    this.#retired = true;
    const waiting = this.#queue.takeAll();
    const sent = this.#connection?.slots.takeAll() ?? [];
    this.#connection?.close(error);
    return [...sent, ...waiting];
  }

  connectionReady(_connection: Connection, outcome: BootstrapOutcome): void {
    this.#failures = 0;
    this.#refusal = undefined;
    this.#owner.configArrived(outcome);
    this.#drain();
  }

  connectionClosed(connection: Connection, error: CouchbaseError, step: string, sent: Operation[]): void {
    if (this.#connection === connection) this.#connection = undefined;
    this.#lastError = error;
    this.#refusal =
      step !== '' && (error instanceof AuthError || error instanceof BucketNotFoundError) ? error : undefined;
    const delay = RECONNECT_MS[Math.min(this.#failures, RECONNECT_MS.length - 1)]!;
    this.#failures++;
    this.#connectAt = this.#owner.iops.now() + delay * 1000;
    this.#owner.operationsLost(sent, error);
  }

  othersAwait(answers: number): boolean {
    return this.#owner.othersAwait(this, answers);
  }

  connectionDrained(): void {
    this.#drain();
  }

  operationRefused(operation: Operation, frame: Frame, connection: Connection): void {
    this.#breaker?.answered(this.#owner.iops.now());
    this.#paced.answered(operation, frame.status);
    this.#owner.operationRefused(operation, frame, connection);
  }

  operationExpired(): void {
    this.#breaker?.failed(this.#owner.iops.now());
  }

  operationSucceeding(operation: Operation): void {
    this.#breaker?.answered(this.#owner.iops.now());
    if (this.#paced.isOn) this.#paced.answered(operation, Status.Success);
    this.#owner.operationSucceeding(operation);
  }

  operationStored(operation: Operation, result: Result): void {
    this.#owner.operationStored(operation, result);
  }

  serverRequest(frame: Frame, connection: Connection): void {
    this.#owner.serverRequest(frame, connection);
  }

  /** `host:port`, as it appears in errors. */
  get name(): string {
    return `${this.address.host}:${this.address.port}`;
  }

  #leaveWhenDone(): void {
    if (!this.hasOperations) this.#connection?.close(new TimeoutError(`${this.name} left the cluster`));
  }

  #connectInBackground(now: number): void {
    this.#connection?.sweep(now);
    if (this.#connection !== undefined || now < this.#connectAt) return;
    this.connect();
    this.#inBackground = true;
  }

  #drain(): void {
    const connection = this.#connection;
    if (this.#queue.count === 0) return;
    const now = this.#owner.iops.now();
    while (connection?.isWritable === true) {
      const operation = this.#queue.shift(now);
      if (operation === undefined) return;
      if (operation.hash === 0 || !this.#owner.retries.holds(operation, this)) connection.send(operation);
    }
  }

  /** The error of an operation that waited for the connection until its deadline; each has one of its own. */
  #unsent(operation: Operation, cause: CouchbaseError | undefined): CouchbaseError {
    const { name } = this;
    const ambiguous = operation.fateUnknown && !operation.spec.idempotent;
    if (cause !== undefined && cause === this.#refusal && !ambiguous) {
      const ErrorClass = cause.constructor as typeof AuthError;
      const status = cause.status === undefined ? {} : { status: cause.status };
      return new ErrorClass(cause.message, { ...operation.details(), ...status, node: name, cause });
    }
    const why = cause === undefined ? '' : `: ${cause.message}`;
    const message = `${operation.spec.name} could not be sent to ${name} within ${operation.timeoutMs} ms${why}`;
    return new TimeoutError(message, { ...operation.details(), node: name, ambiguous, cause });
  }

  #expireQueued(now: number): void {
    const overdue = this.#queue.takeOverdue(now);
    if (overdue.length === 0) return;
    const cause = this.#refusal ?? this.trouble();
    for (const operation of overdue) {
      operation.noteRetry('node_not_available');
      this.#breaker?.failed(now);
      operation.fail(this.#unsent(operation, cause));
    }
  }
}
