import {
  BusyError,
  type CouchbaseError,
  FeatureNotAvailableError,
  NetworkError,
  NotFoundError,
  NotMyVbucketError,
  ServerCancelledError,
  TimeoutError,
  UnknownCommandError,
} from '@cb/protocol';
import type { CompositeSteps } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation } from '../operation/operation.js';
import { backoffMs } from '../operation/retry-strategy.js';
import type { Result } from '../results/results.js';
import type { ItemReading, ScanItem } from './scan-item.js';
import { type BatchLimits, cancelScan, continueScan, openScan, type SnapshotRequirements } from './scan-operations.js';
import type { Extent } from './scan-type.js';

/** What all vbuckets of a scan have in common. */
export interface ScanPlan {
  readonly context: OperationContext;
  readonly extent: Extent;
  readonly limits: BatchLimits;
  readonly reading: ItemReading;
  /** Milliseconds that servers may take to show anything more of a vbucket. */
  readonly timeoutMs: number;
}

/** Where the items of a scan go. */
export interface ScanTarget {
  /** True when nothing more is wanted. */
  readonly isOver: boolean;
  /** Takes items; the vbucket is asked for more when they have been dealt with. */
  deliver(items: ScanItem[]): Promise<void>;
  /** Operations in flight, to cancel when the scan is over. */
  readonly underWay: Set<Operation>;
}

/**
 * The scan of one vbucket: opened, continued batch by batch, and opened again behind the last key when the server has
 * lost it: the vbucket moved, the connection broke, or the scan stood open for too long.
 */
export class VbucketScan {
  readonly #steps: CompositeSteps;
  readonly #plan: ScanPlan;
  readonly #vbucket: number;
  readonly #requirements: SnapshotRequirements | undefined;
  readonly #target: ScanTarget;
  #lastKey: Buffer | undefined = undefined;
  /** When something must have been shown, in microseconds. */
  #deadline = 0;
  #failures = 0;

  constructor(
    steps: CompositeSteps,
    plan: ScanPlan,
    vbucket: number,
    requirements: SnapshotRequirements | undefined,
    target: ScanTarget,
  ) {
    this.#steps = steps;
    this.#plan = plan;
    this.#vbucket = vbucket;
    this.#requirements = requirements;
    this.#target = target;
  }

  /** Ends when the vbucket has shown everything, or nothing more is wanted. */
  async run(): Promise<void> {
    this.#progressed();
    while (!this.#target.isOver) {
      try {
        await this.#attempt();
        return;
      } catch (error) {
        if (this.#target.isOver) return;
        if (error instanceof UnknownCommandError) throw notOffered(error);
        if (!isLost(error)) throw error;
        this.#failures++;
        if (this.#remainingMs <= 0) throw this.#overdue(error);
        await this.#steps.sleep(backoffMs(this.#failures));
      }
    }
  }

  async #attempt(): Promise<void> {
    const { context, limits, reading } = this.#plan;
    const { id } = await this.#issue(openScan(context, this.#vbucket, this.#creation()));
    if (id === undefined) return;
    let isComplete = false;
    try {
      while (!isComplete && !this.#target.isOver) {
        const { operation, items } = continueScan(context, this.#vbucket, id, limits, reading);
        const outcome = await settled(this.#issue(operation));
        await this.#deliver(items);
        if (outcome.error !== undefined) throw outcome.error;
        ({ isComplete } = outcome.result);
        this.#progressed();
      }
    } finally {
      if (!isComplete) this.#cancel(id);
    }
  }

  /** The first time what was asked for, later what is left of it. A sample is taken again, and what was seen passed over. */
  #creation(): { extent: Extent; idsOnly: boolean; requirements: SnapshotRequirements | undefined } {
    const { extent, reading } = this.#plan;
    const key = this.#lastKey;
    const rest = key === undefined || 'samples' in extent ? extent : { ...extent, from: { key, exclusive: true } };
    return { extent: rest, idsOnly: reading.idsOnly, requirements: this.#requirements };
  }

  async #deliver(scanned: readonly { readonly keyBytes: Buffer; readonly item: ScanItem }[]): Promise<void> {
    const last = this.#lastKey;
    const fresh = last === undefined ? scanned : scanned.filter(({ keyBytes }) => keyBytes.compare(last) > 0);
    const newest = fresh.at(-1);
    if (newest === undefined) return;
    this.#lastKey = newest.keyBytes;
    this.#progressed();
    await this.#target.deliver(fresh.map(({ item }) => item));
    // The time that the application takes is its own.
    this.#progressed();
  }

  async #issue<R extends Result>(operation: Operation<R>): Promise<R> {
    const { underWay } = this.#target;
    underWay.add(operation);
    try {
      return await this.#steps.issue(operation, this.#remainingMs);
    } finally {
      underWay.delete(operation);
    }
  }

  /** Not a step: it is sent even when the scan has ended, and its answer is not awaited. */
  #cancel(id: Buffer): void {
    const { host } = this.#steps;
    if (host.cluster.nodeNames.length === 0) return;
    const operation = cancelScan(this.#plan.context, this.#vbucket, id);
    // Whatever the answer: a scan that cannot be cancelled is one that is gone, or one that the server will forget.
    operation.setCallbacks(
      () => {},
      () => {},
    );
    host.issue(operation);
  }

  #progressed(): void {
    this.#deadline = this.#steps.host.now() + this.#plan.timeoutMs * 1000;
    this.#failures = 0;
  }

  get #remainingMs(): number {
    return Math.ceil((this.#deadline - this.#steps.host.now()) / 1000);
  }

  #overdue(cause: CouchbaseError): TimeoutError {
    const message = `vbucket ${this.#vbucket} showed nothing more within ${this.#plan.timeoutMs} ms: ${cause.message}`;
    return new TimeoutError(message, { operation: 'scan', cause });
  }
}

/** Range scans are not a feature of a connection: a server that is too old does not know the command. */
function notOffered(cause: UnknownCommandError): FeatureNotAvailableError {
  const { node, status, context, ref } = cause;
  const message = `scan needs range scans, which ${node} does not have (Server 7.6 or newer): ${cause.message}`;
  return new FeatureNotAvailableError(message, { operation: 'scan', node, status, context, ref, cause });
}

/** Whether the scan is gone from its server, while another one may do. */
function isLost(error: unknown): error is CouchbaseError {
  return (
    error instanceof NotFoundError ||
    error instanceof ServerCancelledError ||
    error instanceof NetworkError ||
    error instanceof NotMyVbucketError ||
    error instanceof BusyError
  );
}

type Settled<R> = { readonly result: R; readonly error: undefined } | { readonly error: CouchbaseError };

function settled<R>(promise: Promise<R>): Promise<Settled<R>> {
  return promise.then(
    (result) => ({ result, error: undefined }),
    (error: CouchbaseError) => ({ error }),
  );
}
