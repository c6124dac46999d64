import type { Connection } from './connection.js';
import { extend, type HoldUp } from './hold-up.js';
import type { Operation, OperationHolder } from './operation.js';

/** The answers that a lane waits for: those to all that was on the wire of a connection at a time. */
export interface Fence {
  readonly connection: Connection;
  readonly answers: number;
}

/** The operations on one key that wait for another attempt, in the order of the calls. */
interface Lane {
  readonly id: string;
  readonly operations: Operation[];
  /** Operations on the wire of a node that the key has left. */
  readonly awaited: Operation[];
  /** Microseconds on the IOPS clock. */
  at: number;
  fence: Fence | undefined;
  /** What is waited for is another map, so a map that arrives ends the wait. */
  isRouting: boolean;
}

/** When a lane may go on. */
export interface LaneWait {
  readonly at: number;
  readonly fence: Fence | undefined;
  readonly isRouting: boolean;
}

/**
 * Keeps the order of operations on one key while some of them are tried again:
 *
 *   - operations that wait for their next attempt stand in a lane for their key, by the order of the calls;
 *   - a new operation on that key queues up behind them, and goes out with them;
 *   - a lane with later operations on the wire starts again only when those are answered (the fence): if one of them
 *     succeeded, the earlier ones cannot take effect in order any more, and fail;
 *   - when a key moves to another node while operations on it are on the wire, a lane without operations makes new ones
 *     wait until those are answered or given up.
 *
 * As long as nothing is tried again, there are no lanes, and nothing of this costs anything.
 */
export class Lanes implements OperationHolder {
  readonly #lanes = new Map<string, Lane>();
  /** Operations without a key have no order to keep. */
  readonly #keyless = new Map<Operation, LaneWait>();

  get isEmpty(): boolean {
    return this.#lanes.size === 0 && this.#keyless.size === 0;
  }

  /** Queues the operation up if others on its key wait; true when it did. */
  hold(operation: Operation): boolean {
    if (this.#lanes.size === 0) return false;
    const lane = this.#lanes.get(laneId(operation));
    if (lane === undefined) return false;
    insert(lane.operations, operation);
    this.#keep(operation);
    return true;
  }

  /** Lets the operation wait for its next attempt. */
  park(operation: Operation, wait: LaneWait): void {
    this.#keep(operation);
    if (operation.spec.route !== 'key') {
      this.#keyless.set(operation, wait);
      return;
    }
    const id = laneId(operation);
    const lane = this.#lanes.get(id);
    if (lane === undefined) {
      this.#lanes.set(id, { id, operations: [operation], awaited: [], ...wait });
      return;
    }
    insert(lane.operations, operation);
    if (wait.at > lane.at) lane.at = wait.at;
    lane.fence = wait.fence ?? lane.fence;
    lane.isRouting &&= wait.isRouting;
  }

  /** Lets those on the same key wait for the answer to an operation that is on the wire. */
  await(operation: Operation): void {
    const id = laneId(operation);
    const lane = this.#lanes.get(id);
    if (lane !== undefined) lane.awaited.push(operation);
    else this.#lanes.set(id, { id, operations: [], awaited: [operation], at: 0, fence: undefined, isRouting: true });
  }

  /**
   * An operation is about to succeed: takes out those that were called before it and are overtaken by it. Two reads
   * do not overtake each other.
   */
  overtakenBy(later: Operation): Operation[] {
    if (this.#lanes.size === 0 || later.spec.route !== 'key') return [];
    const lane = this.#lanes.get(laneId(later));
    if (lane === undefined) return [];
    const isOvertaken = (each: Operation): boolean =>
      each.sequence < later.sequence && !(each.spec.idempotent && later.spec.idempotent);
    const overtaken = lane.operations.filter(isOvertaken);
    for (const operation of overtaken) this.release(operation);
    return overtaken;
  }

  release(operation: Operation): boolean {
    operation.holder = undefined;
    if (this.#keyless.delete(operation)) return false;
    const lane = this.#lanes.get(laneId(operation));
    const at = lane?.operations.indexOf(operation) ?? -1;
    if (lane === undefined || at < 0) return false;
    lane.operations.splice(at, 1);
    if (lane.operations.length === 0 && !isAwaiting(lane)) this.#lanes.delete(lane.id);
    return false;
  }

  /** Ends the waits for another map, as there is one. */
  mapAdopted(): void {
    for (const lane of this.#lanes.values()) if (lane.isRouting) lane.at = 0;
    for (const [operation, wait] of this.#keyless) if (wait.isRouting) this.#keyless.set(operation, { ...wait, at: 0 });
  }

  /** Takes out the operations whose deadline has passed. */
  takeOverdue(now: number): Operation[] {
    return this.#takeIf((operation) => operation.deadline <= now);
  }

  /** Takes out the operations that may go on, those of one key in the order of the calls. */
  takeReady(now: number): Operation[] {
    const ready: Operation[] = [];
    for (const lane of this.#lanes.values()) {
      if (lane.at > now || !isPassed(lane.fence) || isAwaiting(lane)) continue;
      this.#lanes.delete(lane.id);
      for (const operation of lane.operations) ready.push(operation);
    }
    for (const [operation, { at }] of this.#keyless) {
      if (at > now) continue;
      this.#keyless.delete(operation);
      ready.push(operation);
    }
    for (const operation of ready) this.#letGo(operation);
    return ready;
  }

  /** Moves the deadlines of all that wait. */
  extend(holdUp: HoldUp): void {
    for (const lane of this.#lanes.values()) for (const operation of lane.operations) extend(operation, holdUp);
    for (const operation of this.#keyless.keys()) extend(operation, holdUp);
  }

  takeAll(): Operation[] {
    const taken = this.#takeIf(() => true);
    this.#lanes.clear();
    return taken;
  }

  #takeIf(isTaken: (operation: Operation) => boolean): Operation[] {
    const keyed = [...this.#lanes.values()].flatMap((lane) => lane.operations.filter(isTaken));
    const taken = [...this.#keyless.keys()].filter(isTaken).concat(keyed);
    for (const operation of taken) {
      this.release(operation);
      this.#letGo(operation);
    }
    return taken;
  }

  #keep(operation: Operation): void {
    operation.state = 'queued';
    operation.holder = this;
  }

  #letGo(operation: Operation): void {
    operation.state = 'idle';
    operation.holder = undefined;
  }
}

/** Documents of two collections may have the same key. */
export function laneId({ key, collection }: Operation): string {
  return collection === undefined ? key : `${collection.path}\0${key}`;
}

/** Puts an operation in its place by the order of the calls; the last place is the likely one. */
export function insert(operations: Operation[], operation: Operation): void {
  let at = operations.length;
  while (at > 0 && operations[at - 1]!.sequence > operation.sequence) at--;
  operations.splice(at, 0, operation);
}

/** One that came back to be sent again stands in the lane, or is settled. */
function isAwaiting({ awaited }: Lane): boolean {
  return awaited.some(({ state }) => state === 'sent');
}

function isPassed(fence: Fence | undefined): boolean {
  return fence === undefined || fence.connection.state === 'closed' || fence.connection.answers >= fence.answers;
}
