/** Full name of a scope. */
export interface ScopeName {
  readonly namespace: string;
  readonly bucket: string;
  readonly scope: string;
}

/** Full name of a collection. */
export interface CollectionName extends ScopeName {
  readonly collection: string;
}

/** What CREATE COLLECTION says of a collection. */
export interface CollectionOptions {
  /** Longest life of documents, in seconds; 0 is that of the bucket. */
  readonly maxTtl?: number | undefined;
}

/** The scopes and collections of a store, as statements change them. */
export interface ScopeCatalog {
  /** @throws StatementError if it cannot be created; not if `lenient`, and it is there. */
  createScope(name: ScopeName, lenient: boolean): void;
  /** @throws StatementError if it cannot be dropped; not if `lenient`, and it is not there. */
  dropScope(name: ScopeName, lenient: boolean): void;
  /** @throws StatementError if it cannot be created; not if `lenient`, and it is there. */
  createCollection(name: CollectionName, options: CollectionOptions, lenient: boolean): void;
  /** @throws StatementError if it cannot be dropped; not if `lenient`, and it is not there. */
  dropCollection(name: CollectionName, lenient: boolean): void;
  /** Removes all documents. @throws StatementError if that cannot be done. */
  flushCollection(name: CollectionName): void;
}
