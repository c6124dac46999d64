import { extend, type HoldUp } from '../time/hold-up.js';
import type { Operation, OperationHolder } from './operation.js';

/** How far ahead one scan of all operations looks, in microseconds. */
const AHEAD_USECS = 250_000;
/**
 * Maximum number that is returned at a time: failing a hundred thousand at once, as after a node stalled, would block
 * other operations for a second.
 */
const OVERDUE_MAX = 1000;

const NONE: readonly Operation[] = [];

/**
 * Finds the overdue among the operations that one holder has, at every tick, without looking at all of them every time:
 *
 *       now          horizon
 *    due |---- soon ----|------------- everybody else ------------->   deadlines
 *
 * All are looked at when time has come to the horizon. Hot file: `add` is called for every operation.
 */
export class Deadlines {
  readonly #holder: OperationHolder;
  readonly #all: () => Iterable<Operation>;
  #horizon = 0;
  /** Whose deadline is before the horizon. Here and below, some may have left the holder, and some stand twice. */
  #soon: Operation[] = [];
  /** No deadline of those is earlier. */
  #next = 0;
  /** Whose deadline has passed, the first one last. */
  #due: Operation[] = [];

  /** @param all returns the operations of the holder, in any order */
  constructor(holder: OperationHolder, all: () => Iterable<Operation>) {
    this.#holder = holder;
    this.#all = all;
  }

  /** The holder has one more operation. */
  add(operation: Operation): void {
    const { deadline } = operation;
    if (deadline >= this.#horizon) return;
    this.#soon.push(operation);
    if (deadline < this.#next) this.#next = deadline;
  }

  /**
   * Returns the operations of the holder whose deadline is `now` or earlier, in the order of the calls: at most as many
   * as should end at once, and the others the next time. The holder must release all of them.
   */
  overdue(now: number): readonly Operation[] {
    if (this.#due.length === 0) {
      if (now < this.#next) return NONE;
      if (now >= this.#horizon) this.#lookAhead(now);
      this.#findDue(now);
    }
    const overdue: Operation[] = [];
    while (overdue.length < OVERDUE_MAX && this.#due.length > 0) {
      const operation = this.#due.pop()!;
      if (operation.holder === this.#holder && operation !== overdue.at(-1)) overdue.push(operation);
    }
    return overdue;
  }

  /** Moves the deadlines of all that the holder has. */
  extend(holdUp: HoldUp): void {
    for (const operation of this.#all()) extend(operation, holdUp);
    this.#horizon = 0;
    this.#next = 0;
    this.#due = [];
  }

  #lookAhead(now: number): void {
    this.#horizon = now + AHEAD_USECS;
    this.#soon = [];
    for (const operation of this.#all()) if (operation.deadline < this.#horizon) this.#soon.push(operation);
  }

  #findDue(now: number): void {
    const soon: Operation[] = [];
    this.#next = this.#horizon;
    for (const operation of this.#soon) {
      if (operation.holder !== this.#holder) continue;
      const { deadline } = operation;
      if (deadline <= now) {
        this.#due.push(operation);
      } else {
        soon.push(operation);
        if (deadline < this.#next) this.#next = deadline;
      }
    }
    this.#soon = soon;
    this.#due.sort((a, b) => b.sequence - a.sequence);
  }
}
