import type { CouchbaseError } from '@cb/protocol';
import { type AsyncResult, type Errback, FMT_BYTES, FMT_JSON, type RawBucket, type RawCollection } from '@cb/raw';
import { build, type Histogram } from 'hdr-histogram-js';
import type { Documents } from './documents.js';
import type { PillowfightPlan } from './plan.js';

/** Maximum latency, in microseconds; longer ones are clamped. */
const LATENCY_USECS_MAX = 3_600_000_000;

/** The counts so far. */
export interface LoadCounts {
  done: number;
  reads: number;
  writes: number;
  /** Reads of missing documents. */
  misses: number;
  failures: number;
}

/** A load that keeps operations in flight: whenever one is answered, the next one is sent. */
export class Load {
  readonly counts: LoadCounts = { done: 0, reads: 0, writes: 0, misses: 0, failures: 0 };
  /** Latencies from call to callback, in microseconds. */
  readonly latencies: Histogram = build({
    highestTrackableValue: LATENCY_USECS_MAX,
    numberOfSignificantValueDigits: 3,
  });
  /** The first error of each code, and their number. */
  readonly failures = new Map<string, { readonly first: CouchbaseError; count: number }>();
  readonly #bucket: RawBucket;
  readonly #collections: readonly RawCollection[];
  readonly #plan: PillowfightPlan;
  readonly #documents: Documents;
  #issued = 0;
  #isStopped = false;

  constructor(bucket: RawBucket, plan: PillowfightPlan, documents: Documents) {
    this.#bucket = bucket;
    this.#plan = plan;
    this.#documents = documents;
    this.#collections =
      plan.collections.length === 0
        ? [bucket]
        : plan.collections.map((path) => {
            const [scope, name] = path.split('.') as [string, string];
            return bucket.scope(scope).collection(name);
          });
  }

  /** Sends nothing more after the operations in flight. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Writes every document once. */
  async populate(): Promise<void> {
    const { items } = this.#plan;
    let item = 0;
    await this.#keepInFlight(items, () => this.#store(this.#documents.keyOf(item++)));
  }

  /** Reads and writes by the plan, until it is complete or stopped. */
  async run(): Promise<void> {
    const { cycles, batchSize, isNoop } = this.#plan;
    const total = cycles === undefined ? Number.POSITIVE_INFINITY : cycles * batchSize;
    await this.#keepInFlight(total, () => (isNoop ? this.#bucket.noop() : this.#one()));
  }

  #one(): AsyncResult<unknown> {
    const key = this.#documents.nextKey();
    if (this.#documents.nextIsSet()) return this.#store(key);
    this.counts.reads++;
    return this.#next().get(key, { quiet: true });
  }

  #store(key: string): AsyncResult<unknown> {
    const { storesJson, expiry, durability } = this.#plan;
    this.counts.writes++;
    return this.#next().upsert(key, this.#documents.nextValue(), {
      format: storesJson ? FMT_JSON : FMT_BYTES,
      ttl: expiry,
      ...(durability === undefined ? {} : { durability }),
    });
  }

  #next(): RawCollection {
    return this.#collections[this.#issued % this.#collections.length]!;
  }

  /** Issues `total` operations, at most one batch of them at a time. */
  #keepInFlight(total: number, issue: () => AsyncResult<unknown>): Promise<void> {
    const { batchSize, rateLimit } = this.#plan;
    const startedAt = performance.now();
    let issued = 0;
    let settled = 0;
    return new Promise((resolve) => {
      const go = (): void => {
        if (this.#isStopped || issued >= total) {
          if (settled === issued) resolve();
          return;
        }
        const early = rateLimit === undefined ? 0 : (issued / rateLimit) * 1000 - (performance.now() - startedAt);
        issued++;
        if (early > 1) setTimeout(send, early);
        else send();
      };
      const send = (): void => {
        this.#issued++;
        const calledAt = performance.now();
        const done = (): void => {
          this.latencies.recordValue(Math.max(1, Math.round((performance.now() - calledAt) * 1000)));
          this.counts.done++;
          settled++;
          go();
        };
        const result = issue();
        const answered = (answer: unknown): void => {
          if ((answer as { success?: boolean } | undefined)?.success === false) this.counts.misses++;
          done();
        };
        const failed: Errback = (_result, _errorClass, error) => {
          this.#note(error);
          done();
        };
        result.setCallbacks(answered, failed);
      };
      for (let slot = 0; slot < Math.min(batchSize, total); slot++) go();
    });
  }

  #note(error: CouchbaseError): void {
    this.counts.failures++;
    const seen = this.failures.get(error.code);
    if (seen === undefined) this.failures.set(error.code, { first: error, count: 1 });
    else seen.count++;
  }
}
