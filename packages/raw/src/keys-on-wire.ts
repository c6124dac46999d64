import type { Operation } from './operation.js';

/** So many that with 256 in flight, few share a place. */
const PLACES_MIN = 4096;

/**
 * The operations on the wire of all connections of one bucket, found by their key. Hot file: with every operation, its
 * place is looked at once, and is written to when it goes out and when it is answered.
 *
 *   places of   [ ]  [x]  [ ]  [ ]  [x]  [ ]  …      a power of two, by the low bits of the key's CRC-32;
 *   hashes            |              |
 *                 operation      operation -> behind      the newest first, then those that share its place
 *                                          <- ahead
 *
 * An empty place, which is the usual case, says that nothing on the key is on the wire.
 */
export class KeysOnWire {
  #places: (Operation | undefined)[] = new Array(PLACES_MIN).fill(undefined);
  #mask = PLACES_MIN - 1;
  #count = 0;
  /** Hears of every operation when it has left the wire; undefined while nobody waits for one. */
  onLeft: ((operation: Operation) => void) | undefined = undefined;

  /** The operation on the same key that was sent last and is on the wire. */
  last(operation: Operation): Operation | undefined {
    let other = this.#places[operation.hash & this.#mask];
    while (other !== undefined && !isSameKey(other, operation)) other = other.behind;
    return other;
  }

  add(operation: Operation): void {
    if (++this.#count > this.#mask) this.#grow();
    this.#put(operation);
  }

  remove(operation: Operation): void {
    this.#count--;
    const { behind } = operation;
    const place = operation.hash & this.#mask;
    if (behind === undefined && this.#places[place] === operation) this.#places[place] = undefined;
    else this.#unlink(operation, behind);
    if (this.onLeft !== undefined) this.onLeft(operation);
  }

  /** Puts an operation on the same key in the place of another, which leaves the wire unnoticed. */
  inherit(heir: Operation, from: Operation): void {
    const { behind, ahead } = from;
    heir.behind = behind;
    heir.ahead = ahead;
    if (behind !== undefined) behind.ahead = heir;
    if (ahead !== undefined) ahead.behind = heir;
    else this.#places[heir.hash & this.#mask] = heir;
    from.behind = undefined;
    from.ahead = undefined;
  }

  #put(operation: Operation): void {
    const place = operation.hash & this.#mask;
    const behind = this.#places[place];
    if (behind !== undefined) {
      operation.behind = behind;
      behind.ahead = operation;
    }
    this.#places[place] = operation;
  }

  #unlink(operation: Operation, behind: Operation | undefined): void {
    const { ahead } = operation;
    if (behind !== undefined) behind.ahead = ahead;
    if (ahead !== undefined) ahead.behind = behind;
    else this.#places[operation.hash & this.#mask] = behind;
    operation.behind = undefined;
    operation.ahead = undefined;
  }

  #grow(): void {
    const old = this.#places;
    this.#places = new Array(old.length * 2).fill(undefined);
    this.#mask = this.#places.length - 1;
    for (const newest of old) {
      const chain: Operation[] = [];
      for (let each = newest; each !== undefined; each = each.behind) chain.push(each);
      for (const operation of chain.reverse()) {
        // Its old neighbours may have other places now.
        operation.behind = undefined;
        operation.ahead = undefined;
        this.#put(operation);
      }
    }
  }
}

function isSameKey(one: Operation, other: Operation): boolean {
  return one.hash === other.hash && one.key === other.key && one.collection === other.collection;
}
