import { laneId } from './lanes.js';
import type { Operation } from './operation.js';

/** What one connection may wait for: a server that reads and never answers must not make us keep everything. */
const OPERATIONS_MAX = 128 * 1024;
const VALUE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * The operations on the wire of one connection, found by their opaque. Hot file.
 *
 *   opaque   …  41   42   43   44   45  …       an opaque counts up for ever (modulo 2^32),
 *   slot        [ ]  [x]  [ ]  [x]  [x]         and its low bits are the slot;
 *                     ^ one that is still waited for is skipped when the count comes round to its slot.
 *
 * So an opaque is not used again before 2^32 others were: a late answer to an operation that was given up finds
 * either an empty slot or an operation with another opaque, and is dropped.
 */
export class Slots {
  #slots: (Operation | undefined)[] = new Array(64).fill(undefined);
  #mask = 63;
  #next = 1;
  #count = 0;
  #valueBytes = 0;
  /** By key, the last operation; made when asked for, and good until another is added. */
  #lastByKey: Map<string, number> | undefined = undefined;

  get count(): number {
    return this.#count;
  }

  /** So many wait for answers that no more should be sent. */
  get isFull(): boolean {
    return this.#count >= OPERATIONS_MAX || this.#valueBytes >= VALUE_BYTES_MAX;
  }

  /** Gives the operation an opaque and keeps it. */
  add(operation: Operation): void {
    // At most half full: a free slot is near.
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    let opaque = this.#next;
    while (this.#slots[opaque & this.#mask] !== undefined) opaque = (opaque + 1) >>> 0;
    this.#next = (opaque + 1) >>> 0;
    operation.opaque = opaque;
    this.#slots[opaque & this.#mask] = operation;
    this.#count++;
    this.#valueBytes += operation.valueBytes;
    this.#lastByKey = undefined;
  }

  /** The operation with this opaque; undefined when nobody waits for it. */
  find(opaque: number): Operation | undefined {
    const operation = this.#slots[opaque & this.#mask];
    return operation?.opaque === opaque ? operation : undefined;
  }

  /** Takes it out. */
  take(opaque: number): Operation | undefined {
    const operation = this.find(opaque);
    if (operation === undefined) return undefined;
    this.#slots[opaque & this.#mask] = undefined;
    this.#count--;
    this.#valueBytes -= operation.valueBytes;
    return operation;
  }

  /** Puts back an operation that was just taken: more answers to it will come. */
  restore(operation: Operation): void {
    this.#slots[operation.opaque & this.#mask] = operation;
    this.#count++;
    this.#valueBytes += operation.valueBytes;
  }

  /** Whether a later operation on the same key is on the wire. */
  hasLater(operation: Operation): boolean {
    if (this.#lastByKey === undefined) {
      this.#lastByKey = new Map();
      for (const each of this.all()) this.#lastByKey.set(laneId(each), each.sequence);
    }
    return (this.#lastByKey.get(laneId(operation)) ?? 0) > operation.sequence;
  }

  /** Takes out all operations, in the order in which they were sent. */
  takeAll(): Operation[] {
    const all = this.all();
    this.#slots.fill(undefined);
    this.#count = 0;
    this.#valueBytes = 0;
    return all;
  }

  /** All operations, in any order. */
  unordered(): Operation[] {
    const found: Operation[] = [];
    for (const operation of this.#slots) if (operation !== undefined) found.push(operation);
    return found;
  }

  /** All operations, in the order in which they were sent. */
  all(): Operation[] {
    const found = this.unordered();
    const newest = this.#next;
    return found.sort((a, b) => ((newest - b.opaque) >>> 0) - ((newest - a.opaque) >>> 0));
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Array(old.length * 2).fill(undefined);
    this.#mask = this.#slots.length - 1;
    for (const operation of old) if (operation !== undefined) this.#slots[operation.opaque & this.#mask] = operation;
  }
}
