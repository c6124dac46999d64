import type { Document } from '../../store/document.js';
import type { Clock } from '../../time/clock.js';

/** A change that the indexes may not show yet. */
interface DelayedChange {
  readonly vbucket: number;
  readonly document: Document;
  readonly dueMs: number;
}

/**
 * The documents of a collection that changed since its indexes took them: the newest version of each. With a lag, a change
 * waits for as long before the indexes may take it.
 */
export class ChangeFeed {
  readonly #clock: Clock;
  readonly #lagMs: number;
  readonly #onDue: () => void;
  readonly #due = new Map<string, Document>();
  readonly #seqnos = new Map<number, number>();
  #delayed: DelayedChange[] = [];
  #added = 0;
  #cancel: (() => void) | undefined;

  /** @param onDue called after delayed changes have become due */
  constructor(clock: Clock, lagMs: number, onDue: () => void) {
    this.#clock = clock;
    this.#lagMs = lagMs;
    this.#onDue = onDue;
  }

  /** Number of documents that the indexes may take. */
  get due(): number {
    return this.#due.size;
  }

  /** Number of changes that there have been so far. */
  get added(): number {
    return this.#added;
  }

  /** Number of changes so far that the indexes may have taken. */
  get released(): number {
    return this.#added - this.#delayed.length;
  }

  /** The seqno of a vbucket up to which all changes are known. */
  seqnoOf(vbucket: number): number {
    return this.#seqnos.get(vbucket) ?? 0;
  }

  /** Takes note of what is known of a vbucket without its changes. */
  begin(vbucket: number, seqno: number): void {
    this.#seqnos.set(vbucket, seqno);
  }

  /** Adds a new version of a document, which may be its tombstone. */
  add(vbucket: number, document: Document): void {
    this.#seqnos.set(vbucket, document.seqno);
    this.#added++;
    if (this.#lagMs === 0) {
      this.#due.set(document.key, document);
      return;
    }
    this.#delayed.push({ vbucket, document, dueMs: this.#clock.now() + this.#lagMs });
    this.#cancel ??= this.#clock.after(this.#lagMs, () => this.#release());
  }

  /** Returns whether a change up to this seqno still waits. */
  isDelayed(vbucket: number, seqno: number): boolean {
    return this.#delayed.some((change) => change.vbucket === vbucket && change.document.seqno <= seqno);
  }

  /** Removes up to `most` documents that are due, and returns them. */
  take(most: number): Document[] {
    const taken: Document[] = [];
    for (const [key, document] of this.#due) {
      if (taken.length === most) break;
      this.#due.delete(key);
      taken.push(document);
    }
    return taken;
  }

  /** Forgets all changes, as the indexes start again from the documents themselves. */
  clear(): void {
    this.stop();
    this.#due.clear();
    this.#delayed = [];
    this.#onDue();
  }

  /** Cancels its timer. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #release(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    const left = this.#delayed.findIndex(({ dueMs }) => dueMs > now);
    const due = this.#delayed.splice(0, left < 0 ? this.#delayed.length : left);
    for (const { document } of due) this.#due.set(document.key, document);
    const next = this.#delayed[0];
    // Not less than a millisecond, so that changes in a row become due together.
    if (next !== undefined) this.#cancel = this.#clock.after(Math.max(1, next.dueMs - now), () => this.#release());
    this.#onDue();
  }
}
