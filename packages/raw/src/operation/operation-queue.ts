import type { HoldUp } from '../time/hold-up.js';
import { Deadlines } from './deadlines.js';
import type { Operation, OperationHolder } from './operation.js';

/** Maximum number of empty places, unless there are more operations than that. */
const GAPS_KEPT = 1024;

/**
 * The operations that wait for one connection, in the order of the calls. However many they are, one that comes or leaves
 * moves no other: one that comes late is put in its place when the first is next looked for, and the place of one that
 * leaves stays empty for a while.
 */
export class OperationQueue implements OperationHolder {
  /** From `#first` on; an operation that has another holder by now has left. */
  #places: (Operation | undefined)[] = [];
  #first = 0;
  #isSorted = true;
  #count = 0;
  #valueBytes = 0;
  readonly #deadlines = new Deadlines(this, () => this.#waiting());

  /** How many operations wait. */
  get count(): number {
    return this.#count;
  }

  /** How long the values are that wait with them, in bytes; of text, in characters. */
  get valueBytes(): number {
    return this.#valueBytes;
  }

  add(operation: Operation): void {
    const places = this.#places;
    if (places.length > this.#first && operation.sequence < places.at(-1)!.sequence) this.#isSorted = false;
    places.push(operation);
    operation.state = 'queued';
    operation.holder = this;
    this.#count++;
    this.#valueBytes += operation.valueBytes;
    this.#deadlines.add(operation);
  }

  release(operation: Operation): boolean {
    operation.holder = undefined;
    this.#count--;
    this.#valueBytes -= operation.valueBytes;
    if (this.#places.length - this.#count > this.#count + GAPS_KEPT) this.#close();
    return false;
  }

  /** Takes out the first one; undefined when there is none, or it is overdue and only has to be ended. */
  shift(now: number): Operation | undefined {
    const operation = this.#skipGaps();
    if (operation === undefined || operation.deadline <= now) return undefined;
    this.release(operation);
    return operation;
  }

  /** Takes out those of which the predicate holds. */
  takeIf(isTaken: (operation: Operation) => boolean): Operation[] {
    const taken = this.#waiting().filter(isTaken);
    for (const operation of taken) this.release(operation);
    // One that is taken may come back: its old place must be gone by then.
    this.#close();
    return taken;
  }

  takeAll(): Operation[] {
    return this.takeIf(() => true);
  }

  /** Takes out those whose deadline has passed, or, when they are many, the first of them. */
  takeOverdue(now: number): readonly Operation[] {
    const overdue = this.#deadlines.overdue(now);
    for (const operation of overdue) this.release(operation);
    this.#skipGaps();
    return overdue;
  }

  extend(holdUp: HoldUp): void {
    this.#deadlines.extend(holdUp);
  }

  /** Moves to the first operation, and releases those before; undefined when there is none. */
  #skipGaps(): Operation | undefined {
    if (!this.#isSorted) {
      this.#close();
      this.#places.sort((a, b) => a!.sequence - b!.sequence);
      this.#isSorted = true;
    }
    for (; this.#first < this.#places.length; this.#first++) {
      const operation = this.#places[this.#first];
      if (operation?.holder === this) return operation;
      this.#places[this.#first] = undefined;
    }
    this.#close();
    return undefined;
  }

  #waiting(): Operation[] {
    const { length } = this.#places;
    const waiting: Operation[] = [];
    for (let place = this.#first; place < length; place++) {
      const operation = this.#places[place];
      if (operation?.holder === this) waiting.push(operation);
    }
    return waiting;
  }

  /** Closes all gaps. */
  #close(): void {
    this.#places = this.#waiting();
    this.#first = 0;
  }
}
