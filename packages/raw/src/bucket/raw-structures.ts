import { listAppend, listGet, listPrepend, listRemove, listSet, listSize } from '../operations/structures/list.js';
import { mapAdd, mapGet, mapRemove, mapSize } from '../operations/structures/map.js';
import { queuePop, queuePush, queueSize } from '../operations/structures/queue.js';
import { type SetMember, setAdd, setContains, setRemove, setSize } from '../operations/structures/set.js';
import type {
  StructureAddOptions,
  StructureOptions,
  StructureReadOptions,
} from '../operations/structures/structure.js';
import type { AsyncResult } from '../results/async-result.js';
import type { OperationResult, ValueResult } from '../results/results.js';
import { RawSubdocuments } from './raw-subdocuments.js';

/**
 * Documents as data structures: a map is a JSON object, a list, a set and a queue are JSON arrays. They cannot be nested
 * in a document. Source: SDK RFC 0050.
 *
 * A missing document is `NotFoundError`, `quiet` or not, unless `create` makes it; a document of another shape is
 * `SubdocPathMismatchError` or `DocumentNotJsonError`.
 */
export abstract class RawStructures extends RawSubdocuments {
  /** Sets a member of a map. */
  mapAdd(key: string, mapKey: string, value: unknown, options?: StructureAddOptions): AsyncResult<OperationResult> {
    return this.start(mapAdd(this.context, key, mapKey, value, options));
  }

  /** Reads a member of a map; `SubdocPathNotFoundError` when it has none of that name. */
  mapGet<T = unknown>(key: string, mapKey: string, options?: StructureReadOptions): AsyncResult<ValueResult<T>> {
    return this.start(mapGet<T>(this.context, key, mapKey, options));
  }

  /** Removes a member from a map; `SubdocPathNotFoundError` when it has none of that name. */
  mapRemove(key: string, mapKey: string, options?: StructureOptions): AsyncResult<OperationResult> {
    return this.start(mapRemove(this.context, key, mapKey, options));
  }

  /** How many members a map has. */
  mapSize(key: string, options?: StructureReadOptions): AsyncResult<ValueResult<number>> {
    return this.start(mapSize(this.context, key, options));
  }

  /** Adds a value to the end of a list. */
  listAppend(key: string, value: unknown, options?: StructureAddOptions): AsyncResult<OperationResult> {
    return this.start(listAppend(this.context, key, value, options));
  }

  /** Adds a value to the beginning of a list. */
  listPrepend(key: string, value: unknown, options?: StructureAddOptions): AsyncResult<OperationResult> {
    return this.start(listPrepend(this.context, key, value, options));
  }

  /** Replaces an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listSet(key: string, index: number, value: unknown, options?: StructureOptions): AsyncResult<OperationResult> {
    return this.start(listSet(this.context, key, index, value, options));
  }

  /** Reads an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listGet<T = unknown>(key: string, index: number, options?: StructureReadOptions): AsyncResult<ValueResult<T>> {
    return this.start(listGet<T>(this.context, key, index, options));
  }

  /** Removes an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listRemove(key: string, index: number, options?: StructureOptions): AsyncResult<OperationResult> {
    return this.start(listRemove(this.context, key, index, options));
  }

  /** How many elements a list has. */
  listSize(key: string, options?: StructureReadOptions): AsyncResult<ValueResult<number>> {
    return this.start(listSize(this.context, key, options));
  }

  /**
   * Adds a value to a set; `value` of the result is false when the set has it already. Values are compared as JSON texts.
   */
  setAdd(key: string, value: SetMember, options?: StructureAddOptions): AsyncResult<ValueResult<boolean>> {
    return this.start(setAdd(this.context, key, value, options));
  }

  /**
   * Removes a value from a set; `value` of the result is false when the set does not have it. Reads the whole set, and begins
   * again when somebody else changes it meanwhile: `TimeoutError` when that does not end in time.
   */
  setRemove(key: string, value: SetMember, options?: StructureOptions): AsyncResult<ValueResult<boolean>> {
    return this.compose(setRemove(this.context, key, value, options));
  }

  /** Whether a set has a value. Reads the whole set. */
  setContains(key: string, value: SetMember, options?: StructureReadOptions): AsyncResult<ValueResult<boolean>> {
    return this.start(setContains(this.context, key, value, options));
  }

  /** How many values a set has. */
  setSize(key: string, options?: StructureReadOptions): AsyncResult<ValueResult<number>> {
    return this.start(setSize(this.context, key, options));
  }

  /** Puts a value into a queue. It stands at the beginning of the array. */
  queuePush(key: string, value: unknown, options?: StructureAddOptions): AsyncResult<OperationResult> {
    return this.start(queuePush(this.context, key, value, options));
  }

  /**
   * Takes out of a queue the value that was put in first; `QueueEmptyError` when there is none. Nobody else gets the same
   * one: begins again when somebody else changes the queue meanwhile, and is `TimeoutError` when that does not end in time.
   */
  queuePop<T = unknown>(key: string, options?: StructureOptions): AsyncResult<ValueResult<T>> {
    return this.compose(queuePop<T>(this.context, key, options));
  }

  /** How many values are in a queue. */
  queueSize(key: string, options?: StructureReadOptions): AsyncResult<ValueResult<number>> {
    return this.start(queueSize(this.context, key, options));
  }
}
