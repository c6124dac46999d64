import { Status } from '@cb/protocol';
import type { Clock } from '../time/clock.js';
import type { Document } from './document.js';
import { type Chain, DurabilityLevel, isPossible, SyncWrite } from './sync-write.js';
import type { Follower, Vbucket } from './vbucket.js';

/** Default timeout of a durable write, in milliseconds. Source: kv_engine's default for sync writes. */
const TIMEOUT_MS_DEFAULT = 30_000;

/** The durable writes of one vbucket that are not over yet, and the topology that decides when they are. */
export class SyncWrites {
  /** How many were begun, and how many took effect. */
  accepted = 0;
  committed = 0;
  highPreparedSeqno = 0;
  highCompletedSeqno = 0;
  readonly #vbucket: Vbucket;
  readonly #clock: Clock;
  readonly #followers: readonly Follower[];
  readonly #pending = new Map<string, SyncWrite>();
  #chains: readonly Chain[] | undefined;

  constructor(vbucket: Vbucket, clock: Clock, followers: readonly Follower[]) {
    this.#vbucket = vbucket;
    this.#clock = clock;
    this.#followers = followers;
  }

  get pending(): SyncWrite[] {
    return [...this.#pending.values()];
  }

  /** The nodes that have this vbucket, or are to have it; `undefined`: unknown, and nothing durable is possible. */
  get topology(): readonly Chain[] | undefined {
    return this.#chains;
  }

  set topology(chains: readonly Chain[] | undefined) {
    this.#chains = chains;
    for (const write of this.pending) this.#resolve(write);
  }

  isPending(collection: number, key: string): boolean {
    return this.#pending.size > 0 && this.#pending.has(id(collection, key));
  }

  /** Whether a durable write could take effect as things are. */
  get isPossible(): boolean {
    return isPossible(this.#chains);
  }

  /**
   * Begins a durable write of a draft that nothing speaks against. It may be over when this returns: see its `status`.
   * @param timeoutMs 0 leaves it to the server
   */
  prepare(draft: Document, level: number, timeoutMs: number): SyncWrite {
    const vbucket = this.#vbucket;
    vbucket.stamp(draft);
    const write = new SyncWrite(draft, level, vbucket.highSeqno + 1);
    this.accepted++;
    this.hold(write);
    for (const follower of this.#followers) follower.prepare(write);
    write.cancelTimer = this.#clock.after(timeoutMs || TIMEOUT_MS_DEFAULT, () => this.#abort(write));
    if (level === DurabilityLevel.Majority) this.#acknowledgeSelf(write);
    else write.cancelPersistence = vbucket.persistence.when(write.seqno, () => this.#acknowledgeSelf(write));
    return write;
  }

  /** A node that follows has the prepare, as far as its level asks. */
  acknowledge(node: string, write: SyncWrite): void {
    if (write.status !== undefined) return;
    write.acknowledged.add(node);
    this.#resolve(write);
  }

  /** Keeps a prepare until its commit or abort comes. */
  hold(write: SyncWrite): void {
    const { draft, seqno } = write;
    this.#pending.set(id(draft.collection, draft.key), write);
    this.highPreparedSeqno = Math.max(this.highPreparedSeqno, seqno);
    this.#vbucket.observeCas(draft.casHigh, draft.casLow);
    // A replica that begins late gets the prepares that are still pending after the mutations that came behind them.
    if (seqno > this.#vbucket.highSeqno) this.#vbucket.advanceTo(seqno);
  }

  /** Forgets the prepares that the active copy, whose pending ones these are, has not got: they were aborted. */
  keepOnly(pending: readonly SyncWrite[]): void {
    for (const [key, { seqno }] of this.#pending) {
      if (!pending.some((write) => write.seqno === seqno)) this.#pending.delete(key);
    }
  }

  /** A prepare is over, as its active has said. */
  forget(collection: number, key: string): void {
    if (this.#pending.size === 0 || !this.#pending.delete(id(collection, key))) return;
    this.highCompletedSeqno = this.#vbucket.highSeqno;
  }

  /**
   * This vbucket has become the active one: a prepare that it holds may have been committed by the active before it, so
   * it is carried out.
   */
  takeOver(): void {
    const inherited = this.pending;
    this.#pending.clear();
    for (const { draft } of inherited) this.#vbucket.commitStamped(draft);
  }

  /** This vbucket is not the active one any more: waiting writes end with an unknown outcome. */
  giveUp(): void {
    const waiting = this.pending;
    this.#pending.clear();
    for (const write of waiting) if (write.status === undefined) write.end(Status.SyncWriteAmbiguous);
  }

  #acknowledgeSelf(write: SyncWrite): void {
    for (const [active] of this.#chains ?? []) if (active) write.acknowledged.add(active);
    this.#resolve(write);
  }

  #resolve(write: SyncWrite): void {
    if (write.status !== undefined || this.#chains === undefined || !write.isSatisfied(this.#chains)) return;
    this.committed++;
    this.#remove(write);
    this.#vbucket.commitStamped(write.draft);
    this.highCompletedSeqno = write.seqno;
    write.end(Status.Success);
  }

  #abort(write: SyncWrite): void {
    if (write.status !== undefined) return;
    this.#remove(write);
    const seqno = this.#vbucket.highSeqno + 1;
    this.#vbucket.advanceTo(seqno);
    for (const follower of this.#followers) follower.abort(write, seqno);
    this.highCompletedSeqno = write.seqno;
    write.end(Status.SyncWriteAmbiguous);
  }

  #remove({ draft }: SyncWrite): void {
    this.#pending.delete(id(draft.collection, draft.key));
  }
}

function id(collection: number, key: string): string {
  return `${collection}/${key}`;
}
