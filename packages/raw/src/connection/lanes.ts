import { Deadlines } from '../operation/deadlines.js';
import type { Operation, OperationHolder } from '../operation/operation.js';
import type { HoldUp } from '../time/hold-up.js';
import type { KeysOnWire } from './keys-on-wire.js';
import { Lane } from './lane.js';

/** When an operation that waits for a retry may go on. */
export interface LaneWait {
  /** Microseconds on the IOPS clock. */
  readonly at: number;
  /** It waits for another map, so the arrival of one ends the wait. */
  readonly isRouting: boolean;
}

/**
 * Keeps the order of operations on one key where the connection does not:
 *
 *   - an operation that could be carried out before one on its key that is on the wire stands in a lane for the key until
 *     that one is answered or given up, whatever the connection;
 *   - so does one that waits for its next attempt, by the order of the calls;
 *   - a new operation on that key queues up behind them, and goes out after them;
 *   - if a later operation, sent before, succeeds while earlier ones stand in the lane, those cannot take effect in order any more.
 *
 * A lane waits for a time, or for the wire; `KeysOnWire` tells when the wire has one operation less. As long as nothing
 * waits, there are no lanes.
 */
export class Lanes implements OperationHolder {
  readonly #keys: KeysOnWire;
  readonly #onFreed: () => void;
  readonly #lanes = new Map<string, Lane>();
  /** Operations without a key have no order to keep. */
  readonly #keyless = new Map<Operation, LaneWait>();
  /** The lanes that wait for a time. */
  readonly #timed = new Set<Lane>();
  #freed: Lane[] = [];
  #count = 0;
  #valueBytes = 0;
  readonly #deadlines = new Deadlines(this, () => this.#all());
  readonly #onLeft = (operation: Operation): void => this.#free(operation);

  /** @param onFreed called when the first lane can perhaps go on since `takeFreed`. */
  constructor(keys: KeysOnWire, onFreed: () => void) {
    this.#keys = keys;
    this.#onFreed = onFreed;
  }

  /** How many operations wait. */
  get count(): number {
    return this.#count;
  }

  /** How long the values are that wait with them, in bytes; of text, in characters. */
  get valueBytes(): number {
    return this.#valueBytes;
  }

  /** Whether others on the operation's key wait. */
  isBusy(operation: Operation): boolean {
    return this.#lanes.size > 0 && isOrdered(operation) && this.#lanes.has(laneId(operation));
  }

  /** Lets the operation wait behind others on its key, those on the wire included. */
  add(operation: Operation): void {
    this.#keep(operation);
    this.#laneOf(operation).add(operation);
  }

  /** Lets the operation wait for its next attempt. */
  park(operation: Operation, wait: LaneWait): void {
    this.#keep(operation);
    if (!isOrdered(operation)) {
      this.#keyless.set(operation, wait);
      return;
    }
    const lane = this.#laneOf(operation);
    lane.add(operation);
    if (wait.at > lane.at) lane.at = wait.at;
    lane.isRouting &&= wait.isRouting;
    this.#timed.add(lane);
  }

  /**
   * An operation is about to succeed: takes out those that were called before it and are overtaken by it. Two reads
   * do not overtake each other.
   */
  overtakenBy(later: Operation): Operation[] {
    if (this.#lanes.size === 0 || !isOrdered(later)) return [];
    const earlier = this.#lanes.get(laneId(later))?.before(later.sequence) ?? [];
    const overtaken = earlier.filter((each) => !(each.spec.idempotent && later.spec.idempotent));
    for (const operation of overtaken) this.release(operation);
    return overtaken;
  }

  release(operation: Operation): boolean {
    this.#noteReleased(operation);
    if (this.#keyless.delete(operation)) return false;
    const lane = this.#lanes.get(laneId(operation));
    lane?.left();
    if (lane?.count === 0) this.#remove(lane);
    return false;
  }

  /** Ends the waits for another map, as there is one. */
  mapAdopted(): void {
    for (const lane of this.#timed) if (lane.isRouting) lane.at = 0;
    for (const [operation, wait] of this.#keyless) if (wait.isRouting) this.#keyless.set(operation, { ...wait, at: 0 });
  }

  /** Takes out the operations whose deadline has passed, or, when they are many, the first of them. */
  takeOverdue(now: number): readonly Operation[] {
    const overdue = this.#deadlines.overdue(now);
    for (const operation of overdue) this.release(operation);
    return overdue;
  }

  /** Takes out the operations without a key that may go on. */
  takeKeyless(now: number): Operation[] {
    const ready: Operation[] = [];
    for (const [operation, { at }] of this.#keyless) if (at <= now) ready.push(operation);
    for (const operation of ready) this.release(operation);
    return ready;
  }

  /** Moves the deadlines of all that wait. */
  extend(holdUp: HoldUp): void {
    this.#deadlines.extend(holdUp);
  }

  /** The lanes whose time has come since they were last asked for. */
  takeTimed(now: number): Lane[] {
    const due = [...this.#timed].filter(({ at }) => at <= now);
    for (const lane of due) {
      this.#timed.delete(lane);
      lane.isRouting = true;
    }
    return due;
  }

  /** The lanes that wait for no time and for which the wire has one operation less since they were last asked for. */
  takeFreed(): Lane[] {
    const freed = this.#freed;
    this.#freed = [];
    for (const lane of freed) lane.isFreed = false;
    return freed.filter((lane) => !this.#timed.has(lane));
  }

  /** The lane in which the operation waits, which waits for no time any more; undefined when it waits in none. */
  hurry(operation: Operation): Lane | undefined {
    const lane = operation.holder === this ? this.#lanes.get(laneId(operation)) : undefined;
    if (lane !== undefined) this.#timed.delete(lane);
    return lane;
  }

  /** Takes the first operation out of a lane. */
  shift(lane: Lane): Operation | undefined {
    const operation = lane.shift();
    if (operation === undefined) return undefined;
    if (lane.count === 0) this.#remove(lane);
    this.#noteReleased(operation);
    return operation;
  }

  takeAll(): Operation[] {
    const taken = this.#all();
    for (const operation of taken) this.release(operation);
    return taken;
  }

  #all(): Operation[] {
    const all = [...this.#keyless.keys()];
    for (const lane of this.#lanes.values()) for (const operation of lane.all()) all.push(operation);
    return all;
  }

  #laneOf(operation: Operation): Lane {
    const id = laneId(operation);
    let lane = this.#lanes.get(id);
    if (lane === undefined) {
      lane = new Lane(id, this);
      this.#lanes.set(id, lane);
      this.#keys.onLeft = this.#onLeft;
    }
    return lane;
  }

  #remove(lane: Lane): void {
    this.#lanes.delete(lane.id);
    this.#timed.delete(lane);
    if (this.#lanes.size === 0) this.#keys.onLeft = undefined;
  }

  #free(operation: Operation): void {
    const lane = this.#lanes.get(laneId(operation));
    if (lane === undefined || lane.isFreed) return;
    lane.isFreed = true;
    this.#freed.push(lane);
    if (this.#freed.length === 1) this.#onFreed();
  }

  #keep(operation: Operation): void {
    operation.state = 'queued';
    operation.holder = this;
    this.#count++;
    this.#valueBytes += operation.valueBytes;
    this.#deadlines.add(operation);
  }

  #noteReleased(operation: Operation): void {
    operation.holder = undefined;
    this.#count--;
    this.#valueBytes -= operation.valueBytes;
  }
}

/** Whether it takes effect in the order of the calls: replicas are copies, which lag behind. */
function isOrdered({ spec, replica }: Operation): boolean {
  return spec.route === 'key' && replica === 0;
}

/** Documents of two collections may have the same key. */
function laneId({ key, collection }: Operation): string {
  return collection === undefined ? key : `${collection.path}\0${key}`;
}
