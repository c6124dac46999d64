import type { ObjectValue, Value } from '../values/value.js';
import type { KeyspaceIndex } from './index-scan.js';

/** What META() gives of a document, without its key. */
export interface ItemMeta {
  /** Changes with each mutation. */
  readonly cas?: number | bigint | undefined;
  /** Seconds since 1970; 0 if the document stays. */
  readonly expiration?: number | undefined;
  /** What SDKs write into the document's flags. */
  readonly flags?: number | undefined;
  /** Extended attributes by name. */
  readonly xattrs?: ObjectValue | undefined;
}

/** A document of a keyspace with its key. */
export interface Item {
  /** Key of the document. */
  readonly id: string;
  /** Parsed, and never changed by the engine. */
  readonly document: Value;
  /** What META() gives besides the key. */
  readonly meta?: ItemMeta | undefined;
}

/** How a mutation is to be stored. */
export interface MutationOptions {
  /** As OPTIONS or META().expiration say it: seconds up to 30 days, else seconds since 1970; `undefined` keeps what is there. */
  readonly expiration?: number | undefined;
  /** Extended attributes to write, by name. */
  readonly xattrs?: ObjectValue | undefined;
}

/** Why a mutation did not happen. */
export type MutationFault =
  | { readonly kind: 'exists' | 'not found' | 'changed' }
  | { readonly kind: 'failed'; readonly message: string };

/** A collection of documents that statements read and change. All calls are synchronous. */
export interface Keyspace {
  /** Yields all documents, in batches, as they were when the scan began. */
  scan(): Iterable<readonly Item[]>;
  /** Finds a document by its key. */
  get(id: string): Item | undefined;
  /** Number of documents, if it is known without a scan. */
  readonly count?: number | undefined;
  /** Returns the indexes, in whatever state they are. Missing if there are never any. */
  indexes?(): readonly KeyspaceIndex[];
  /** Stores a document under a key that there is none under. Missing if the keyspace can be read only. */
  insert?(id: string, document: Value, options: MutationOptions): Item | MutationFault;
  /** Stores a document, whatever is there. */
  upsert?(id: string, document: Value, options: MutationOptions): Item | MutationFault;
  /** Replaces the document if it still is the one given. */
  replace?(item: Item, document: Value, options: MutationOptions): Item | MutationFault;
  /** Removes the document if it still is the one given. */
  remove?(item: Item): MutationFault | undefined;
}
