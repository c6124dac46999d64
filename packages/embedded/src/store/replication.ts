import type { Clock } from '../time/clock.js';
import type { Document } from './document.js';
import { DurabilityLevel, type SyncWrite } from './sync-write.js';
import type { Follower, Vbucket } from './vbucket.js';

export interface ReplicationOptions {
  /** The active copy. */
  readonly source: Vbucket;
  /** The replica. */
  readonly target: Vbucket;
  /** The replica's node, as the topology names it. */
  readonly node: string;
  readonly clock: Clock;
  /** Milliseconds from a mutation to its arrival at the replica. 0, the default: within the mutation; `Infinity`: never. */
  readonly lagMs?: number;
}

/**
 * Keeps one replica of one vbucket up to date, and reports to the active copy which sync writes the replica has.
 * Mutations arrive in order, after the lag. Hot file: without a lag, a mutation is passed on as it is.
 */
export class ReplicationStream implements Follower {
  readonly node: string;
  readonly #source: Vbucket;
  readonly #target: Vbucket;
  readonly #clock: Clock;
  #lagMs: number;
  #paused = false;
  /** The mutations in flight, in order. */
  #queue: { readonly dueMs: number; readonly arrive: () => void }[] = [];
  #cancelTimer: (() => void) | undefined;
  #unfollow: (() => void) | undefined;

  constructor({ source, target, node, clock, lagMs = 0 }: ReplicationOptions) {
    this.#source = source;
    this.#target = target;
    this.node = node;
    this.#clock = clock;
    this.#lagMs = lagMs;
  }

  get lagMs(): number {
    return this.#lagMs;
  }

  /** Mutations in flight take no longer than that from now. */
  set lagMs(lagMs: number) {
    this.#lagMs = lagMs;
    const latestMs = this.#clock.now() + lagMs;
    this.#queue = this.#queue.map(({ dueMs, arrive }) => ({ dueMs: Math.min(dueMs, latestMs), arrive }));
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (!this.#paused) this.#deliver();
  }

  /** Brings the replica up to what the active has, at once, and keeps it there. */
  start(): void {
    if (this.#unfollow !== undefined) return;
    this.#backfill();
    this.#unfollow = this.#source.follow(this);
    for (const write of this.#source.syncWrites.pending) this.prepare(write);
  }

  /** Closes it; mutations in flight are lost. */
  stop(): void {
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#queue = [];
  }

  /** Holds everything up until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
  }

  mutation(document: Document): void {
    if (this.#isImmediate) this.#target.replicate(document);
    else this.#send(() => this.#target.replicate(document));
  }

  prepare(write: SyncWrite): void {
    this.#send(() => this.#hold(write));
  }

  abort({ draft }: SyncWrite, seqno: number): void {
    this.#send(() => {
      this.#target.syncWrites.forget(draft.collection, draft.key);
      this.#target.advanceTo(seqno);
    });
  }

  drop(collection: number, seqno: number): void {
    this.#send(() => this.#target.dropCollectionAt(collection, seqno));
  }

  advance(seqno: number): void {
    this.#send(() => this.#target.advanceTo(seqno));
  }

  restart(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#queue = [];
    this.#backfill();
  }

  get #isImmediate(): boolean {
    return this.#lagMs === 0 && !this.#paused && this.#queue.length === 0;
  }

  #send(arrive: () => void): void {
    if (this.#isImmediate) {
      arrive();
      return;
    }
    this.#queue.push({ dueMs: this.#clock.now() + this.#lagMs, arrive });
    this.#schedule();
  }

  #schedule(): void {
    const [next] = this.#queue;
    if (next === undefined || this.#paused || this.#cancelTimer !== undefined) return;
    if (next.dueMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(0, next.dueMs - this.#clock.now());
    this.#cancelTimer = this.#clock.after(waitMs, () => {
      this.#cancelTimer = undefined;
      this.#deliver();
    });
  }

  #deliver(): void {
    const now = this.#clock.now();
    while (this.#queue.length > 0 && this.#queue[0]!.dueMs <= now) this.#queue.shift()!.arrive();
    this.#schedule();
  }

  #hold(write: SyncWrite): void {
    const { syncWrites, persistence } = this.#target;
    syncWrites.hold(write.copy());
    // An acknowledgement that arrives while the stream is paused waits with the mutations in flight.
    const acknowledge = (): void => {
      const arrive = (): void => this.#source.syncWrites.acknowledge(this.node, write);
      if (this.#paused) this.#queue.push({ dueMs: 0, arrive });
      else arrive();
    };
    if (write.level === DurabilityLevel.PersistToMajority) persistence.when(write.seqno, acknowledge);
    else acknowledge();
  }

  /** Copies what the replica lacks. A replica starts from nothing when its history is not part of the active's, or when
   * it may have documents whose tombstones were purged. */
  #backfill(): void {
    const source = this.#source;
    const target = this.#target;
    const { uuidHigh, uuidLow } = target.failoverLog.latest;
    const shared = source.failoverLog.lastSeqno(uuidHigh, uuidLow);
    const purged = source.tombstones.purgedSeqno;
    const lacksPurged = target.highSeqno > 0 && target.highSeqno < purged;
    if (shared === undefined || lacksPurged || target.highSeqno > Math.min(shared, source.highSeqno)) target.reset();
    const from = target.highSeqno;
    const missing: Document[] = [];
    for (const collection of source.collections()) {
      for (const document of source.documents(collection)) if (document.seqno > from) missing.push(document);
    }
    missing.sort((a, b) => a.seqno - b.seqno);
    for (const document of missing) target.replicate(document);
    target.tombstones.purgedSeqno = Math.max(target.tombstones.purgedSeqno, purged);
    target.syncWrites.keepOnly(source.syncWrites.pending);
    target.failoverLog.replace(source.failoverLog.entries);
    target.advanceTo(source.highSeqno);
  }
}
