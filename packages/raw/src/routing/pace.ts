import type { Operation } from '../operation/operation.js';

/** Microseconds from one attempt to the next while the node refuses everything: twice as long after each, up to the last. */
const PROBE_USECS = { first: 10_000, last: 100_000 };
/** Microseconds without a refusal after which nothing is held back any more. */
const CALM_USECS = 1_000_000;
/** A window that has no effect: more writes than this are on the wire only of a node that takes everything. */
const WINDOW_MAX = 4096;

/**
 * How many writes may be on the wire of a node that is short of memory and refuses what it cannot take now. It begins with
 * the first such refusal, as TCP does with a lost packet:
 *
 *     writes on     |\
 *     the wire      | \      /|   /|        a write that was carried out makes room for the next one;
 *                   |  \    / |  / |        a refused one does not, so that each refusal takes one off;
 *                   |   \  /  | /  | /      each round of successes adds: first as many, then one;
 *                   |    \/   |/   |/       when there are none, one write tries from time to time.
 *                   +---------------------> time
 *
 * Which writes wait, and in which order, is not known here: what is handed out is room.
 */
export class Pace {
  /** Number of writes that may be sent now. */
  #room = 0;
  /** Estimate of how many the node takes at a time. */
  #window: number;
  /** Below it the window grows with every success, above it with every round of them. */
  #threshold: number;
  #growth = 0;
  #calmAt: number;
  #probeAt: number;
  #probeUsecs = PROBE_USECS.first;
  /** The writes that wait for room, first come first served; some of them have left by other ways. */
  #waiting: Operation[] = [];
  #first = 0;

  /** @param onWire how many operations are on the wire, in which the node refuses the first one */
  constructor(now: number, onWire: number) {
    this.#window = Math.min(Math.max(onWire, 1), WINDOW_MAX);
    this.#threshold = this.#window;
    this.#calmAt = now + CALM_USECS;
    this.#probeAt = now + PROBE_USECS.first;
  }

  /** True when nothing waits, and nothing needs to. */
  isOver(now: number): boolean {
    return !this.isAwaited && now >= this.#calmAt;
  }

  get isAwaited(): boolean {
    while (this.#first < this.#waiting.length && !isWaiting(this.#waiting[this.#first]!)) this.#first++;
    if (this.#first < this.#waiting.length) return true;
    this.#waiting = [];
    this.#first = 0;
    return false;
  }

  /** Takes room for a write; false when there is none. */
  admits(): boolean {
    if (this.#room < 1) return false;
    this.#room--;
    return true;
  }

  /** Notes a write that waits for room. */
  add(operation: Operation): void {
    this.#waiting.push(operation);
  }

  /** The first write that waits, if there is room for it; it is to be submitted again. */
  next(): Operation | undefined {
    if (this.#room < 1 || !this.isAwaited) return undefined;
    const operation = this.#waiting[this.#first]!;
    this.#first++;
    return operation;
  }

  /** Returns all waiting operations. */
  takeAll(): Operation[] {
    const waiting = this.#waiting.slice(this.#first).filter(isWaiting);
    this.#waiting = [];
    this.#first = 0;
    return waiting;
  }

  /** The node took a write, or had another reason to refuse it. */
  taken(): void {
    this.#probeUsecs = PROBE_USECS.first;
    this.#growth += this.#window < this.#threshold ? 1 : 1 / this.#window;
    const grown = Math.floor(this.#growth);
    this.#growth -= grown;
    this.#window = Math.min(this.#window + grown, WINDOW_MAX);
    this.#room = Math.min(this.#room + 1 + grown, this.#window);
  }

  /** The node refused a write, as it cannot take it now. */
  refused(now: number): void {
    this.#calmAt = now + CALM_USECS;
    if (this.#window > 1) this.#threshold = Math.max(this.#window / 2, 2);
    this.#window = Math.max(this.#window - 1, 1);
    this.#room = Math.min(this.#room, this.#window);
  }

  /** Makes room for one write when there was none for long enough. */
  tick(now: number): void {
    if (this.#room >= 1) this.#probeAt = now + this.#probeUsecs;
    if (now < this.#probeAt) return;
    this.#room = 1;
    this.#probeAt = now + this.#probeUsecs;
    this.#probeUsecs = Math.min(this.#probeUsecs * 2, PROBE_USECS.last);
  }
}

/** Whether it still waits: it may have been cancelled, or have gone on with others on its key. */
function isWaiting({ state }: Operation): boolean {
  return state === 'queued';
}
