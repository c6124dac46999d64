import type { Operation } from '../operation/operation.js';
import { Followers } from './followers.js';
import type { KeysOnWire, Wire } from './keys-on-wire.js';

/** Maximum of what is outstanding on one connection: a server that reads and never answers must not fill the memory. */
const OPERATIONS_MAX = 128 * 1024;
const VALUE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * The operations on the wire of one connection, found by their opaque. Hot file.
 *
 *   opaque   …  41   42   43   44   45  …       an opaque counts up (modulo 2^32),
 *   slot        [ ]  [x]  [ ]  [x]  [x]         and its low bits are the slot;
 *                     ^ one that is still waited for is skipped when the count comes round to its slot.
 *
 * An opaque is not used again before 2^32 others were. A late answer to an abandoned operation therefore finds either an
 * empty slot or an operation with another opaque, and is discarded.
 *
 * Reads that are answered by the request of another one follow it: they have its opaque, and the first of them takes its
 * slot when it leaves.
 */
export class Slots implements Wire {
  readonly #keys: KeysOnWire;
  /** Its number there; 0 while it has none. */
  #wire = 0;
  #slots: (Operation | undefined)[] = new Array(64).fill(undefined);
  #mask = 63;
  #next = 1;
  #count = 0;
  #valueBytes = 0;
  /** By opaque, those that follow the operation in the slot. */
  readonly #followers = new Map<number, Followers>();
  #following = 0;

  /** @param keys is notified of all operations on keys. */
  constructor(keys: KeysOnWire) {
    this.#keys = keys;
  }

  /** Number of outstanding answers. */
  get count(): number {
    return this.#count;
  }

  /** The opaque that is given next, unless its slot is taken. */
  get next(): number {
    return this.#next;
  }

  /** Whether the maximum number of operations is outstanding. */
  get isFull(): boolean {
    return this.#count + this.#following >= OPERATIONS_MAX || this.#valueBytes >= VALUE_BYTES_MAX;
  }

  /** Assigns an opaque to the operation and keeps it. */
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
    if (operation.hash !== 0) this.#addKey(operation);
  }

  /** Keeps an operation that the answer to the leader's request will answer, too. */
  follow(leader: Operation, operation: Operation): void {
    const { opaque } = leader;
    operation.opaque = opaque;
    let followers = this.#followers.get(opaque);
    if (followers === undefined) {
      followers = new Followers();
      this.#followers.set(opaque, followers);
    }
    followers.add(operation);
    this.#following++;
  }

  /** Whether several operations wait for the answer with this opaque. */
  isShared(opaque: number): boolean {
    return this.#following > 0 && this.#followers.has(opaque);
  }

  /** Returns the operation with this opaque; undefined when there is none. */
  find(opaque: number): Operation | undefined {
    const operation = this.#slots[opaque & this.#mask];
    return operation?.opaque === opaque ? operation : undefined;
  }

  /** Takes it out; the first of those that follow it has its slot then. */
  take(opaque: number): Operation | undefined {
    const operation = this.find(opaque);
    if (operation === undefined) return undefined;
    if (this.#following > 0 && this.#passOn(operation)) return operation;
    this.#slots[opaque & this.#mask] = undefined;
    this.#count--;
    this.#valueBytes -= operation.valueBytes;
    if (operation.hash !== 0) this.#keys.remove(operation);
    return operation;
  }

  /** Removes an operation that is abandoned; true when it was outstanding. */
  remove(operation: Operation): boolean {
    const { opaque } = operation;
    operation.holder = undefined;
    const leader = this.find(opaque);
    if (leader === undefined) return false;
    if (leader === operation) {
      this.take(opaque);
    } else {
      this.#following--;
      this.#leave(opaque);
    }
    return true;
  }

  /** Puts back an operation that was just taken: more answers to it will come. */
  restore(operation: Operation): void {
    this.#slots[operation.opaque & this.#mask] = operation;
    this.#count++;
    this.#valueBytes += operation.valueBytes;
    if (operation.hash !== 0) this.#addKey(operation);
  }

  /** Takes out all operations, in the order in which they were sent. */
  takeAll(): Operation[] {
    const all = this.all();
    // While they are found here.
    for (const operation of this.#slots)
      if (operation !== undefined && operation.hash !== 0) this.#keys.remove(operation);
    if (this.#wire !== 0) this.#keys.close(this.#wire);
    this.#wire = 0;
    this.#slots.fill(undefined);
    this.#followers.clear();
    this.#following = 0;
    this.#count = 0;
    this.#valueBytes = 0;
    return all;
  }

  /** All operations, in any order. */
  unordered(): Operation[] {
    const found: Operation[] = [];
    for (const operation of this.#slots) {
      if (operation === undefined) continue;
      found.push(operation);
      if (!this.isShared(operation.opaque)) continue;
      for (const follower of this.#followers.get(operation.opaque)!.all()) found.push(follower);
    }
    return found;
  }

  /** All operations, in the order in which they were sent. */
  all(): Operation[] {
    const found = this.unordered();
    const newest = this.#next;
    return found.sort((a, b) => ((newest - b.opaque) >>> 0) - ((newest - a.opaque) >>> 0));
  }

  #addKey(operation: Operation): void {
    if (this.#wire === 0) this.#wire = this.#keys.open(this);
    this.#keys.add(operation, this.#wire);
  }

  /** Passes the slot to the first follower; false when there is none. */
  #passOn(operation: Operation): boolean {
    const { opaque } = operation;
    const heir = this.#firstFollower(opaque);
    if (heir === undefined) return false;
    this.#slots[opaque & this.#mask] = heir;
    this.#keys.inherit(heir, operation);
    return true;
  }

  #leave(opaque: number): void {
    const followers = this.#followers.get(opaque)!;
    followers.left();
    if (followers.count === 0) this.#followers.delete(opaque);
  }

  #firstFollower(opaque: number): Operation | undefined {
    const followers = this.#followers.get(opaque);
    const first = followers?.shift();
    if (first !== undefined) this.#following--;
    if (followers?.count === 0) this.#followers.delete(opaque);
    return first;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Array(old.length * 2).fill(undefined);
    this.#mask = this.#slots.length - 1;
    for (const operation of old) if (operation !== undefined) this.#slots[operation.opaque & this.#mask] = operation;
  }
}
