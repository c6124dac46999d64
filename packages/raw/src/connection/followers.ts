import type { Operation } from '../operation/operation.js';

/** The operations that wait for the answer to another one's request, in the order of the calls. */
export class Followers {
  /** From `#first` on; one without a holder was abandoned. */
  readonly #operations: Operation[] = [];
  #first = 0;
  /** How many wait. */
  count = 0;

  add(operation: Operation): void {
    this.#operations.push(operation);
    this.count++;
  }

  /** Notes that one was abandoned. */
  left(): void {
    this.count--;
  }

  /** Takes out the first one. */
  shift(): Operation | undefined {
    while (this.#first < this.#operations.length) {
      const operation = this.#operations[this.#first++]!;
      if (operation.holder === undefined) continue;
      this.count--;
      return operation;
    }
    return undefined;
  }

  all(): Operation[] {
    return this.#operations.slice(this.#first).filter(({ holder }) => holder !== undefined);
  }
}
