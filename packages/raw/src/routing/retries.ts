import { type CouchbaseError, type ErrorDetails, OrderLostError, QueueFullError, TimeoutError } from '@cb/protocol';
import type { Connection } from '../connection/connection.js';
import type { KeysOnWire } from '../connection/keys-on-wire.js';
import type { Lane } from '../connection/lane.js';
import { Lanes } from '../connection/lanes.js';
import type { IOPS } from '../iops/iops.js';
import { soon } from '../iops/turns.js';
import type { Operation } from '../operation/operation.js';
import { RetryBudget } from '../operation/retry-budget.js';
import {
  askStrategy,
  backoffMs,
  type RetryReason,
  type RetryRule,
  type RetryStrategy,
} from '../operation/retry-strategy.js';
import type { HoldUp } from '../time/hold-up.js';
import type { EndpointSettings, NodeEndpoint } from './node-endpoint.js';

/** The part of the router that retries use. */
export interface RetryHost {
  readonly iops: IOPS;
  /** For operations that have none of their own. */
  readonly strategy: RetryStrategy;
  readonly keysOnWire: KeysOnWire;
  /** Limits of the operations that wait for others on their key. */
  readonly limits: Pick<EndpointSettings, 'queueMax' | 'queueBytesMax'>;
  /** Sends the operation by the current map. */
  route(operation: Operation): void;
  /** Ticks are needed: something waits. */
  wake(): void;
}

const BREAKER_OPEN: RetryRule = { reason: 'circuit_breaker_open', always: false };

/**
 * Sends operations again: when, by the rules of the protocol and the strategy of the user, and in which order, by
 * lanes.
 */
export class Retries {
  readonly #host: RetryHost;
  readonly #keysOnWire: KeysOnWire;
  readonly #lanes: Lanes;
  readonly #budget = new RetryBudget();

  constructor(host: RetryHost) {
    this.#host = host;
    this.#keysOnWire = host.keysOnWire;
    // Not at once: what has just left the wire may come back to be sent again, and goes first then.
    this.#lanes = new Lanes(host.keysOnWire, () => soon(() => this.#goOnFreed()));
  }

  get isBusy(): boolean {
    return this.#lanes.count > 0;
  }

  /** How much of what may wait for others on its key does: from 0 to 1, or a bit more as the last value may be long. */
  get fullness(): number {
    const { queueMax, queueBytesMax } = this.#host.limits;
    return Math.max(this.#lanes.count / queueMax, this.#lanes.valueBytes / queueBytesMax);
  }

  /** Sends an operation, after those on its key that wait. */
  order(operation: Operation): void {
    if (this.#lanes.isBusy(operation)) this.#wait(operation);
    else this.#host.route(operation);
  }

  /**
   * Whether an operation that leaves the queue of the endpoint must not be sent, and is taken care of: others on its key
   * wait, or are on the wire.
   */
  holds(operation: Operation, endpoint: NodeEndpoint): boolean {
    if (!this.#lanes.isBusy(operation)) return this.follows(operation, endpoint, endpoint.connection);
    this.#wait(operation);
    return true;
  }

  /**
   * Whether an operation must not be submitted to the endpoint, and is taken care of, as another one on its key is on the
   * wire: it shares that one's request, or it waits until that one is answered or given up. A connection that carries out
   * what it is sent in order takes all. Hot function.
   * @param open the connection if what is submitted is sent at once.
   */
  follows(operation: Operation, endpoint: NodeEndpoint, open?: Connection): boolean {
    const last = this.#keysOnWire.last(operation);
    if (last !== undefined) return this.#followsOn(last, operation, endpoint, open ?? endpoint.open);
    if (!operation.forward || (open ?? endpoint.open) !== undefined) return false;
    this.#awaitConnection(operation, endpoint);
    return true;
  }

  /**
   * Keeps an operation that the forward map leads to a node in the lane of its key until it can be sent there. In the queue
   * of that node it would not be seen by later ones on its key, which go to the node of the map in use.
   */
  #awaitConnection(operation: Operation, endpoint: NodeEndpoint): void {
    endpoint.connectWhenDue(this.#host.iops.now());
    this.awaitMap(operation, 'node_not_available');
  }

  #followsOn(
    last: Operation,
    operation: Operation,
    { connection }: NodeEndpoint,
    open: Connection | undefined,
  ): boolean {
    if (connection !== undefined && last.holder === connection) {
      if (!connection.isUnordered && last.sequence < operation.sequence) return false;
      if (connection.isUnordered && open?.share(last, operation) === true) return true;
    }
    this.#wait(operation);
    return true;
  }

  /** Lets an operation wait until its node has room for it. */
  hold(operation: Operation): void {
    operation.noteRetry('kv_temporary_failure');
    this.#wait(operation);
    this.#host.wake();
  }

  /** Sends an operation that waited, with those on its key. */
  goOn(operation: Operation): void {
    const lane = this.#lanes.hurry(operation);
    if (lane !== undefined) this.#release(lane);
  }

  /** An operation is about to succeed: those that it overtook cannot take effect in order any more. */
  succeeding(operation: Operation): void {
    this.#budget.earn();
    if (this.#lanes.count === 0) return;
    for (const overtaken of this.#lanes.overtakenBy(operation)) {
      const message = `${overtaken.spec.name} was overtaken by a later ${operation.spec.name} on the same key and is not repeated`;
      overtaken.failLater(new OrderLostError(message, { ...finalDetails(overtaken), cause: overtaken.refusal }));
    }
  }

  /** The server refused the operation for the moment: sends it again later, or fails it with the error. */
  refused(operation: Operation, rule: RetryRule, error: CouchbaseError): void {
    const decided = this.#delayMs(operation, rule, error);
    if (typeof decided !== 'number') {
      operation.fail(decided);
      return;
    }
    operation.refusal = error;
    this.again(operation, rule.reason, decided, false);
  }

  /** The operation was kept from its node before it was sent. */
  breakerRefused(operation: Operation, error: CouchbaseError): void {
    const decided = this.#delayMs(operation, BREAKER_OPEN, error);
    operation.refusal = error;
    if (typeof decided !== 'number') operation.failLater(decided);
    else this.again(operation, BREAKER_OPEN.reason, Math.max(decided, 1), true);
  }

  /** Sends the operation again, after a while if that is not 0. */
  again(operation: Operation, reason: RetryReason, delayMs: number, isRouting: boolean): void {
    operation.noteRetry(reason);
    operation.state = 'idle';
    operation.holder = undefined;
    if (delayMs === 0) this.order(operation);
    else this.#lanes.park(operation, { at: this.#host.iops.now() + delayMs * 1000, isRouting });
    this.#host.wake();
  }

  /** The operation has no node to go to now, or went to the wrong one: it waits for another map. */
  awaitMap(operation: Operation, reason: RetryReason): void {
    this.again(operation, reason, backoffMs(operation.attempts), true);
  }

  /** There is another map: what waited for it goes on. */
  mapAdopted(): void {
    this.#lanes.mapAdopted();
    this.#goOn(this.#host.iops.now());
  }

  tick(now: number): void {
    if (this.#lanes.count === 0) return;
    for (const operation of this.#lanes.takeOverdue(now)) operation.fail(overdueError(operation));
    this.#goOn(now);
  }

  extend(holdUp: HoldUp): void {
    this.#lanes.extend(holdUp);
  }

  takeAll(): Operation[] {
    return this.#lanes.takeAll();
  }

  #goOn(now: number): void {
    for (const lane of this.#lanes.takeTimed(now)) this.#release(lane);
    for (const operation of this.#lanes.takeKeyless(now)) this.order(operation);
  }

  #goOnFreed(): void {
    for (const lane of this.#lanes.takeFreed()) this.#release(lane);
  }

  /** Sends those of a lane that need not wait any more. */
  #release(lane: Lane): void {
    for (let next = this.#lanes.shift(lane); next !== undefined; next = this.#lanes.shift(lane)) {
      this.#host.route(next);
      if (next.holder === this.#lanes) return;
    }
  }

  #wait(operation: Operation): void {
    if (this.fullness < 1 || !operation.isNew) {
      this.#lanes.add(operation);
      return;
    }
    const { count, valueBytes } = this.#lanes;
    const message = `${count} operations with ${valueBytes} bytes of values wait for earlier ones on their keys already; no more are taken`;
    operation.failLater(new QueueFullError(message, operation.details()));
  }

  /** Milliseconds until the next attempt; when there is none, what the operation fails with. */
  #delayMs(operation: Operation, rule: RetryRule, error: CouchbaseError): number | CouchbaseError {
    const { spec, key, attempts } = operation;
    const remainingMs = (operation.deadline - this.#host.iops.now()) / 1000;
    let delayMs: number | undefined = backoffMs(attempts);
    if (!rule.always) {
      const strategy = operation.retry ?? this.#host.strategy;
      const random = this.#host.iops.randomBytes(1)[0]! / 256;
      const { reason } = rule;
      const { name, idempotent } = spec;
      try {
        const request = { operation: name, key, idempotent, reason, attempts, error, remainingMs, random };
        delayMs = askStrategy(strategy, request);
      } catch (fault) {
        return fault as CouchbaseError;
      }
      if (delayMs === 0 && !this.#budget.spend()) delayMs = undefined;
    }
    // An attempt that cannot begin before the deadline is not waited for.
    return delayMs === undefined || delayMs >= remainingMs ? error : delayMs;
  }
}

function finalDetails(operation: Operation): ErrorDetails {
  const status = operation.refusal?.status;
  return { ...operation.details(), ...(status === undefined ? {} : { status }) };
}

/**
 * The server's last answer is the outcome, as when there is no time for another attempt from the start; otherwise it is
 * the timeout.
 */
function overdueError(operation: Operation): CouchbaseError {
  const { refusal, attempts, fateUnknown, spec, timeoutMs, retryReasons } = operation;
  const ambiguous = fateUnknown && !spec.idempotent;
  if (refusal?.status !== undefined && refusal.attempts === attempts && !ambiguous) return refusal;
  const isPaced = retryReasons?.includes('kv_temporary_failure') === true;
  const waitedFor = isPaced ? 'its node to take more' : 'earlier operations on its key';
  const why = attempts === 0 && refusal === undefined ? `: it waited for ${waitedFor}` : '';
  const message = `${spec.name} could not be carried out within ${timeoutMs} ms${why}`;
  return new TimeoutError(message, { ...finalDetails(operation), ambiguous, cause: refusal });
}
