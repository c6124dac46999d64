import type { Operation, OperationHolder } from '../operation/operation.js';

/** Maximum number of empty places, unless there are more operations than that. */
const GAPS_KEPT = 1024;

/**
 * The operations on one key that wait, in the order of the calls. However many they are, the first one is taken, and put
 * back, without moving the others; the place of one that leaves from between stays empty for a while. Such a one is
 * settled by then: it never comes back.
 */
export class Lane {
  readonly id: string;
  /** When it may go on at the earliest, in microseconds on the IOPS clock. */
  at = 0;
  /** It waits for another map, so the arrival of one ends the wait. */
  isRouting = true;
  /** An operation on its key has left the wire since it was last looked at. */
  isFreed = false;
  /** How many wait. */
  count = 0;
  readonly #holder: OperationHolder;
  #places: Operation[] = [];
  #first = 0;

  /** @param holder whose operations wait here: one that has another holder has left. */
  constructor(id: string, holder: OperationHolder) {
    this.id = id;
    this.#holder = holder;
  }

  add(operation: Operation): void {
    const places = this.#places;
    const { sequence } = operation;
    this.count++;
    if (this.#first === places.length || places.at(-1)!.sequence < sequence) {
      places.push(operation);
    } else if (this.#first > 0 && sequence < places[this.#first]!.sequence) {
      places[--this.#first] = operation;
    } else {
      let at = places.length;
      while (at > this.#first && places[at - 1]!.sequence > sequence) at--;
      places.splice(at, 0, operation);
    }
  }

  /** Notes that one has left from the middle. */
  left(): void {
    this.count--;
    if (this.#places.length - this.#first - this.count > this.count + GAPS_KEPT) this.#close();
  }

  /** Takes out the first one. */
  shift(): Operation | undefined {
    while (this.#first < this.#places.length) {
      const operation = this.#places[this.#first++]!;
      if (operation.holder !== this.#holder) continue;
      this.count--;
      if (this.#first > GAPS_KEPT && this.#first * 2 > this.#places.length) this.#close();
      return operation;
    }
    return undefined;
  }

  /** Those that were called before. */
  before(sequence: number): Operation[] {
    const found: Operation[] = [];
    for (let at = this.#first; at < this.#places.length; at++) {
      const operation = this.#places[at]!;
      if (operation.sequence >= sequence) break;
      if (operation.holder === this.#holder) found.push(operation);
    }
    return found;
  }

  all(): Operation[] {
    return this.before(Number.POSITIVE_INFINITY);
  }

  #close(): void {
    this.#places = this.all();
    this.#first = 0;
  }
}
