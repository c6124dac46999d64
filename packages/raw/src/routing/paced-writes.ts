import type { IOPS } from '../iops/iops.js';
import { soon } from '../iops/turns.js';
import type { Operation } from '../operation/operation.js';
import { asksForPace } from '../operation/retry-strategy.js';
import { Pace } from './pace.js';
import type { Retries } from './retries.js';

/** The part of the router that paced writes use. */
export interface PacedWritesHost {
  readonly iops: IOPS;
  readonly retries: Retries;
}

/**
 * Holds writes back from one node while it refuses them for lack of memory, so that they wait here instead of being
 * refused there again and again. They stand in lanes for their keys, so that the order by key is kept, also with reads;
 * other reads go past them.
 */
export class PacedWrites {
  readonly #host: PacedWritesHost;
  readonly #onWire: () => number;
  #pace: Pace | undefined = undefined;
  /** Writes may be held back: `holds` is to be asked. */
  isOn = false;
  #isReleasing = false;
  #isReleaseDue = false;

  /** @param onWire how many operations are on the wire of the node */
  constructor(host: PacedWritesHost, onWire: () => number) {
    this.#host = host;
    this.#onWire = onWire;
  }

  /** Whether an operation must not be sent now, and is taken care of. */
  holds(operation: Operation): boolean {
    const pace = this.#pace;
    if (pace === undefined || !isWrite(operation)) return false;
    // What waits already goes first.
    if ((this.#isReleasing || !pace.isAwaited) && pace.admits()) return false;
    this.#host.retries.hold(operation);
    pace.add(operation);
    return true;
  }

  /** An operation was answered with this status. */
  answered(operation: Operation, status: number): void {
    if (!isWrite(operation)) return;
    if (asksForPace(status, operation.spec.name)) {
      const now = this.#host.iops.now();
      this.#pace ??= new Pace(now, this.#onWire() + 1);
      this.#pace.refused(now);
      this.isOn = true;
    } else if (this.#pace !== undefined) {
      this.#pace.taken();
      this.#releaseSoon();
    }
  }

  tick(now: number): void {
    this.#pace?.tick(now);
    this.#release();
    if (this.#pace?.isOver(now) !== true) return;
    this.#pace = undefined;
    this.isOn = false;
  }

  /** Sends everything that waits. */
  releaseAll(): void {
    for (const operation of this.#pace?.takeAll() ?? []) this.#host.retries.goOn(operation);
  }

  /** Deferred while an answer is being handled. */
  #releaseSoon(): void {
    if (this.#isReleaseDue || this.#pace?.isAwaited !== true) return;
    this.#isReleaseDue = true;
    soon(() => {
      this.#isReleaseDue = false;
      this.#release();
    });
  }

  #release(): void {
    const pace = this.#pace;
    this.#isReleasing = true;
    for (let next = pace?.next(); next !== undefined; next = pace?.next()) this.#host.retries.goOn(next);
    this.#isReleasing = false;
  }
}

/** Writes of a document; what is asked of a node itself is not among them. */
function isWrite({ spec, hash }: Operation): boolean {
  return hash !== 0 && !spec.idempotent;
}
