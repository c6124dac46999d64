import type {
  OperationResult,
  SetMember,
  StructureAddOptions,
  StructureOptions,
  StructureReadOptions,
  ValueResult,
} from '@cb/raw';
import { CollectionSubdocuments } from './collection-subdocuments.js';

/**
 * Documents as data structures: a map is a JSON object, a list, a set and a queue are JSON arrays. They cannot be nested
 * in a document. Source: SDK RFC 0050.
 *
 * A missing document is `NotFoundError`, `quiet` or not, unless `create` makes it; a document of another shape is
 * `SubdocPathMismatchError` or `DocumentNotJsonError`.
 */
export abstract class CollectionStructures extends CollectionSubdocuments {
  /** Sets a member of a map. */
  mapAdd(key: string, mapKey: string, value: unknown, options?: StructureAddOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.mapAdd(key, mapKey, value, options), options);
  }

  /** Reads a member of a map; `SubdocPathNotFoundError` when it has none of that name. */
  mapGet<T = unknown>(key: string, mapKey: string, options?: StructureReadOptions): Promise<ValueResult<T>> {
    return this.promise(() => this.operations.mapGet<T>(key, mapKey, options), options);
  }

  /** Removes a member from a map; `SubdocPathNotFoundError` when it has none of that name. */
  mapRemove(key: string, mapKey: string, options?: StructureOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.mapRemove(key, mapKey, options), options);
  }

  /** How many members a map has. */
  mapSize(key: string, options?: StructureReadOptions): Promise<ValueResult<number>> {
    return this.promise(() => this.operations.mapSize(key, options), options);
  }

  /** Adds a value to the end of a list. */
  listAppend(key: string, value: unknown, options?: StructureAddOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.listAppend(key, value, options), options);
  }

  /** Adds a value to the beginning of a list. */
  listPrepend(key: string, value: unknown, options?: StructureAddOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.listPrepend(key, value, options), options);
  }

  /** Replaces an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listSet(key: string, index: number, value: unknown, options?: StructureOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.listSet(key, index, value, options), options);
  }

  /** Reads an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listGet<T = unknown>(key: string, index: number, options?: StructureReadOptions): Promise<ValueResult<T>> {
    return this.promise(() => this.operations.listGet<T>(key, index, options), options);
  }

  /** Removes an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listRemove(key: string, index: number, options?: StructureOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.listRemove(key, index, options), options);
  }

  /** How many elements a list has. */
  listSize(key: string, options?: StructureReadOptions): Promise<ValueResult<number>> {
    return this.promise(() => this.operations.listSize(key, options), options);
  }

  /**
   * Adds a value to a set; `value` of the result is false when the set has it already. Values are compared as JSON texts.
   */
  setAdd(key: string, value: SetMember, options?: StructureAddOptions): Promise<ValueResult<boolean>> {
    return this.promise(() => this.operations.setAdd(key, value, options), options);
  }

  /**
   * Removes a value from a set; `value` of the result is false when the set does not have it. Reads the whole set, and begins
   * again when somebody else changes it meanwhile: `TimeoutError` when that does not end in time.
   */
  setRemove(key: string, value: SetMember, options?: StructureOptions): Promise<ValueResult<boolean>> {
    return this.promise(() => this.operations.setRemove(key, value, options), options);
  }

  /** Whether a set has a value. Reads the whole set. */
  setContains(key: string, value: SetMember, options?: StructureReadOptions): Promise<ValueResult<boolean>> {
    return this.promise(() => this.operations.setContains(key, value, options), options);
  }

  /** How many values a set has. */
  setSize(key: string, options?: StructureReadOptions): Promise<ValueResult<number>> {
    return this.promise(() => this.operations.setSize(key, options), options);
  }

  /** Puts a value into a queue. It stands at the beginning of the array. */
  queuePush(key: string, value: unknown, options?: StructureAddOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.queuePush(key, value, options), options);
  }

  /**
   * Takes out of a queue the value that was put in first; `QueueEmptyError` when there is none. Nobody else gets the same
   * one: begins again when somebody else changes the queue meanwhile, and is `TimeoutError` when that does not end in time.
   */
  queuePop<T = unknown>(key: string, options?: StructureOptions): Promise<ValueResult<T>> {
    return this.promise(() => this.operations.queuePop<T>(key, options), options);
  }

  /** How many values are in a queue. */
  queueSize(key: string, options?: StructureReadOptions): Promise<ValueResult<number>> {
    return this.promise(() => this.operations.queueSize(key, options), options);
  }
}
