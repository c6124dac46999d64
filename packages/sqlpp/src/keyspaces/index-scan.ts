import type { Value } from '../values/value.js';
import type { IndexDefinition } from './index-definition.js';

/** An end of a range of an index. */
export interface IndexBound {
  /** In the order of all values; MISSING is `undefined`. */
  readonly value: Value;
  /** Whether the value itself belongs to the range. */
  readonly inclusive: boolean;
}

/** Values that a key of an index may have. */
export interface IndexRange {
  /** Default: from MISSING on. */
  readonly low?: IndexBound | undefined;
  /** Default: up to the largest value. */
  readonly high?: IndexBound | undefined;
}

/** Ranges of the leading keys of an index; others may have any value. */
export interface IndexSpan {
  /** In the order of the keys; none for all entries. */
  readonly ranges: readonly IndexRange[];
}

/** A document as an index has it. */
export interface IndexEntry {
  /** Key of the document in its keyspace. */
  readonly id: string;
  /** Values of the keys of the index. Of a primary index it is the key of the document. */
  readonly keys: readonly Value[];
}

/** How an index is scanned. */
export interface IndexScanOptions {
  /** Yields the last entry first. Default false. */
  readonly reverse?: boolean | undefined;
  /** Yields a document once if several of its elements are indexed. Default true. */
  readonly distinct?: boolean | undefined;
}

/** Whether an index waits for BUILD INDEX, is being built, or can be used. */
export type IndexState = 'deferred' | 'building' | 'online';

/** An index of a keyspace. */
export interface KeyspaceIndex {
  /** What plans and system:indexes call it. */
  readonly id: string;
  /** What the index is of. */
  readonly definition: IndexDefinition;
  /** Statements use what is online. */
  readonly state: IndexState;
  /** Number of documents that the index has, if it is known. */
  readonly count?: number | undefined;
  /** Yields the entries of all spans, in batches: those of each span in the order of the keys. */
  scan(spans: readonly IndexSpan[], options: IndexScanOptions): Iterable<readonly IndexEntry[]>;
}
