/** Full name of a scope. */
export interface ScopeName {
  /** `default`. */
  readonly namespace: string;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Name of the scope. */
  readonly scope: string;
}

/** Full name of a collection. */
export interface CollectionName extends ScopeName {
  /** Name of the collection. */
  readonly collection: string;
}

/** What CREATE COLLECTION says of a collection. */
export interface CollectionOptions {
  /** Longest life of documents, in seconds; 0 is that of the bucket. */
  readonly maxTtl?: number | undefined;
}

/** The scopes and collections of a store, as statements change them. */
export interface ScopeCatalog {
  /** Creates a scope. @throws StatementError if it cannot be created; not if `lenient`, and it is there. */
  createScope(name: ScopeName, lenient: boolean): void;
  /** Drops a scope. @throws StatementError if it cannot be dropped; not if `lenient`, and it is not there. */
  dropScope(name: ScopeName, lenient: boolean): void;
  /** Creates a collection. @throws StatementError if it cannot be created; not if `lenient`, and it is there. */
  createCollection(name: CollectionName, options: CollectionOptions, lenient: boolean): void;
  /** Drops a collection. @throws StatementError if it cannot be dropped; not if `lenient`, and it is not there. */
  dropCollection(name: CollectionName, lenient: boolean): void;
  /** Removes all documents. @throws StatementError if that cannot be done. */
  flushCollection(name: CollectionName): void;
}
