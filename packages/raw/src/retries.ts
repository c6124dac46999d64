import { type CouchbaseError, type ErrorDetails, OrderLostError, TimeoutError } from '@cb/protocol';
import type { Connection } from './connection.js';
import type { HoldUp } from './hold-up.js';
import type { IOPS } from './iops/iops.js';
import { type Fence, Lanes } from './lanes.js';
import type { Operation } from './operation.js';
import { RetryBudget } from './retry-budget.js';
import { askStrategy, backoffMs, type RetryReason, type RetryRule, type RetryStrategy } from './retry-strategy.js';

/** What retries use of the router. */
export interface RetryHost {
  readonly iops: IOPS;
  /** For operations that have none of their own. */
  readonly strategy: RetryStrategy;
  /** Sends the operation on its way by the map of now. */
  dispatch(operation: Operation): void;
  /** Ticks are needed: something waits. */
  wake(): void;
}

const BARRED: RetryRule = { reason: 'circuit_breaker_open', always: false };

/**
 * Sends operations again: when, by the rules of the protocol and the strategy of the user, and in which order, by
 * lanes.
 */
export class Retries {
  readonly #host: RetryHost;
  readonly #lanes = new Lanes();
  readonly #budget = new RetryBudget();

  constructor(host: RetryHost) {
    this.#host = host;
  }

  get isBusy(): boolean {
    return !this.#lanes.isEmpty;
  }

  /** Sends an operation on its way, behind those on its key that wait. */
  dispatch(operation: Operation): void {
    if (!this.#lanes.hold(operation)) this.#host.dispatch(operation);
  }

  /** An operation is about to succeed: those that it overtook cannot take effect in order any more. */
  succeeding(operation: Operation): void {
    this.#budget.earn();
    if (this.#lanes.isEmpty) return;
    for (const overtaken of this.#lanes.overtakenBy(operation)) {
      const message = `${overtaken.spec.name} was overtaken by a later ${operation.spec.name} on the same key and is not repeated`;
      overtaken.failLater(new OrderLostError(message, { ...finalDetails(overtaken), cause: overtaken.refusal }));
    }
  }

  /** The server refused the operation for the moment: sends it again later, or fails it with the error. */
  refused(operation: Operation, rule: RetryRule, error: CouchbaseError, connection: Connection): void {
    const decided = this.#delayMs(operation, rule, error);
    if (typeof decided !== 'number') {
      operation.fail(decided);
      return;
    }
    operation.refusal = error;
    this.again(operation, rule.reason, decided, fenceOf(operation, connection), false);
  }

  /** The operation was kept from its node before it was sent. */
  barred(operation: Operation, error: CouchbaseError): void {
    const decided = this.#delayMs(operation, BARRED, error);
    operation.refusal = error;
    if (typeof decided !== 'number') operation.failLater(decided);
    else this.again(operation, BARRED.reason, Math.max(decided, 1), undefined, true);
  }

  /** Sends the operation again, after a while if that is not 0, and after the fence. */
  again(
    operation: Operation,
    reason: RetryReason,
    delayMs: number,
    fence: Fence | undefined,
    isRouting: boolean,
  ): void {
    operation.noteRetry(reason);
    operation.state = 'idle';
    operation.holder = undefined;
    if (delayMs === 0 && fence === undefined) {
      this.dispatch(operation);
    } else {
      this.#lanes.park(operation, { at: this.#host.iops.now() + delayMs * 1000, fence, isRouting });
    }
    this.#host.wake();
  }

  /** The operation has no node to go to now, or went to the wrong one: it waits for another map. */
  awaitMap(operation: Operation, reason: RetryReason, connection: Connection | undefined): void {
    const fence = connection === undefined ? undefined : fenceOf(operation, connection);
    this.again(operation, reason, backoffMs(operation.attempts), fence, true);
  }

  /**
   * The keys of these operations have moved to other nodes while the operations are on the wire: until they are answered
   * or given up, nothing else on those keys goes out, as it could be carried out before them.
   */
  awaitAnswers(sent: readonly Operation[]): void {
    for (const operation of sent) this.#lanes.await(operation);
    if (sent.length > 0) this.#host.wake();
  }

  /** There is another map: what waited for it goes on. */
  mapAdopted(): void {
    this.#lanes.mapAdopted();
    this.#goOn(this.#host.iops.now());
  }

  tick(now: number): void {
    if (this.#lanes.isEmpty) return;
    for (const operation of this.#lanes.takeOverdue(now)) {
      operation.fail(overdueError(operation));
    }
    this.#goOn(now);
  }

  extend(holdUp: HoldUp): void {
    this.#lanes.extend(holdUp);
  }

  takeAll(): Operation[] {
    return this.#lanes.takeAll();
  }

  #goOn(now: number): void {
    for (const operation of this.#lanes.takeReady(now)) this.dispatch(operation);
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
      if (delayMs !== undefined && !this.#budget.spend()) delayMs = undefined;
    }
    // An attempt that cannot begin in time is not worth waiting for.
    return delayMs === undefined || delayMs >= remainingMs ? error : delayMs;
  }
}

function finalDetails(operation: Operation): ErrorDetails {
  const status = operation.refusal?.status;
  return { ...operation.details(), ...(status === undefined ? {} : { status }) };
}

/** What must be answered before the operation may be sent again: everything on the wire, if a later one on its key is. */
function fenceOf(operation: Operation, connection: Connection): Fence | undefined {
  return connection.slots.hasLater(operation) ? { connection, answers: connection.sent } : undefined;
}

/** What the server said last is the outcome, as when there is no time for another attempt from the start; else it is the time. */
function overdueError(operation: Operation): CouchbaseError {
  const { refusal, attempts, fateUnknown, spec, timeoutMs } = operation;
  const ambiguous = fateUnknown && !spec.idempotent;
  if (refusal?.status !== undefined && refusal.attempts === attempts && !ambiguous) return refusal;
  const message = `${spec.name} could not be carried out within ${timeoutMs} ms`;
  return new TimeoutError(message, { ...finalDetails(operation), ambiguous, cause: refusal });
}
