import { CouchbaseInternalError } from '@cb/protocol';
import type { Operation } from '../operation/operation.js';

/** Where the operations on the wire of one connection are found, by their opaques. */
export interface Wire {
  find(opaque: number): Operation | undefined;
}

const PLACES_MIN = 4096;
/** Minimum number of places for each operation, so that few share one. */
const PLACES_FOR_EACH = 8;
const WIRES_MAX = 0xffff;

/**
 * The operations on the wire of all connections of one bucket, found by their key. Hot file: with every operation, its
 * place is looked at once, and is written to when it goes out and when it is answered.
 *
 *   places    [ ]  [x]  [ ]  [ ]  [x]  [ ]  …     a power of two, by the low bits of the key's CRC-32;
 *                   |              |
 *               operation     operation -> behind     the newest first, then those that share its place
 *                                       <- ahead
 *
 * An empty place, which is the usual case, says that nothing on the key is on the wire. A place has the number of a wire
 * and an opaque instead of the operation itself: numbers are nothing that V8 must keep account of for its collector, which
 * takes as long as all the rest.
 */
export class KeysOnWire {
  /** Of each place, the wire; 0 for an empty one. */
  #wires = new Uint16Array(PLACES_MIN);
  /** Of each place that is not empty, the opaque of its newest operation on that wire. */
  #opaques = new Int32Array(PLACES_MIN);
  #mask = PLACES_MIN - 1;
  #count = 0;
  /** By number, from 1. */
  readonly #numbered: (Wire | undefined)[] = [undefined];
  /** Called for every operation that is not in flight any more; undefined while nothing waits for one. */
  onLeft: ((operation: Operation) => void) | undefined = undefined;

  /** Returns a number for a wire, which is its own until `close`. */
  open(wire: Wire): number {
    const free = this.#numbered.indexOf(undefined, 1);
    const number = free < 0 ? this.#numbered.length : free;
    if (number > WIRES_MAX) throw new CouchbaseInternalError(`a bucket has at most ${WIRES_MAX} connections`);
    this.#numbered[number] = wire;
    return number;
  }

  /** No operation is on the wire any more. */
  close(wire: number): void {
    this.#numbered[wire] = undefined;
  }

  /** The operation on the same key that was sent last and is on the wire. */
  last(operation: Operation): Operation | undefined {
    const place = operation.hash & this.#mask;
    return this.#wires[place] === 0 ? undefined : this.#find(operation, place);
  }

  /** The operation has an opaque, and goes out on the wire of this number. */
  add(operation: Operation, wire: number): void {
    if (++this.#count * PLACES_FOR_EACH > this.#mask) this.#grow();
    this.#put(operation, wire);
  }

  remove(operation: Operation): void {
    this.#count--;
    if (operation.behind === undefined && operation.ahead === undefined) this.#wires[operation.hash & this.#mask] = 0;
    else this.#unlink(operation);
    if (this.onLeft !== undefined) this.onLeft(operation);
  }

  /** Puts an operation with the same key and opaque in the place of another, which leaves the wire unnoticed. */
  inherit(heir: Operation, from: Operation): void {
    const { behind, ahead } = from;
    heir.behind = behind;
    heir.ahead = ahead;
    if (behind !== undefined) behind.ahead = heir;
    if (ahead !== undefined) ahead.behind = heir;
    from.behind = undefined;
    from.ahead = undefined;
  }

  #find(operation: Operation, place: number): Operation | undefined {
    let other = this.#newest(place);
    while (other !== undefined && !isSameKey(other, operation)) other = other.behind;
    return other;
  }

  #newest(place: number): Operation | undefined {
    return this.#numbered[this.#wires[place]!]?.find(this.#opaques[place]! >>> 0);
  }

  #put(operation: Operation, wire: number): void {
    const place = operation.hash & this.#mask;
    if (this.#wires[place] !== 0) this.#link(operation, this.#newest(place));
    this.#wires[place] = wire;
    this.#opaques[place] = operation.opaque;
  }

  #link(operation: Operation, behind: Operation | undefined): void {
    operation.behind = behind;
    if (behind !== undefined) behind.ahead = operation;
  }

  #unlink(operation: Operation): void {
    const { behind, ahead } = operation;
    operation.behind = undefined;
    operation.ahead = undefined;
    if (behind !== undefined) behind.ahead = ahead;
    if (ahead !== undefined) {
      ahead.behind = behind;
    } else if (behind !== undefined) {
      const place = operation.hash & this.#mask;
      this.#wires[place] = this.#wireOf(behind);
      this.#opaques[place] = behind.opaque;
    }
  }

  /** Rarely needed: of operations that share a place, the older one is mostly answered first. */
  #wireOf(operation: Operation): number {
    return this.#numbered.findIndex((wire) => wire?.find(operation.opaque) === operation);
  }

  #grow(): void {
    const { length } = this.#wires;
    const found: { readonly operation: Operation; readonly wire: number }[] = [];
    for (let place = 0; place < length; place++) {
      if (this.#wires[place] === 0) continue;
      const newest = this.#newest(place);
      for (let each = newest; each !== undefined; each = each.behind)
        found.push({ operation: each, wire: this.#wireOf(each) });
    }
    this.#wires = new Uint16Array(length * 2);
    this.#opaques = new Int32Array(length * 2);
    this.#mask = length * 2 - 1;
    // The oldest of each place first.
    for (const { operation, wire } of found.reverse()) {
      // Its old neighbours may have other places now.
      operation.behind = undefined;
      operation.ahead = undefined;
      this.#put(operation, wire);
    }
  }
}

function isSameKey(one: Operation, other: Operation): boolean {
  return one.hash === other.hash && one.key === other.key && one.collection === other.collection;
}
