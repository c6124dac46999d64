import type { FunctionCatalog } from './function-catalog.js';
import type { IndexCatalog } from './index-catalog.js';
import type { Keyspace } from './keyspace.js';
import type { PreparedCatalog } from './prepared-catalog.js';
import type { ScopeCatalog } from './scope-catalog.js';
import type { SequenceCatalog } from './sequence-catalog.js';

/** Full name of a keyspace. */
export interface KeyspaceName {
  /** `default`, or `system`. */
  readonly namespace: string;
  /** Name of the bucket, or of the only part of the path. */
  readonly bucket: string;
  /** Both are given, or neither. */
  readonly scope?: string | undefined;
  /** Name of the collection. */
  readonly collection?: string | undefined;
}

/** What statements run on. */
export interface Catalog {
  /**
   * Finds a keyspace.
   *
   * @throws StatementError if the store tells why there is none
   */
  keyspace(name: KeyspaceName): Keyspace | undefined;
  /** Scopes and collections, if statements may change them. */
  readonly scopes?: ScopeCatalog | undefined;
  /** Sequences, if there may be any. */
  readonly sequences?: SequenceCatalog | undefined;
  /** Functions of users, if there may be any. */
  readonly functions?: FunctionCatalog | undefined;
  /** Indexes, if statements may change them. */
  readonly indexes?: IndexCatalog | undefined;
  /** Prepared statements, if there may be any. */
  readonly prepareds?: PreparedCatalog | undefined;
  /**
   * Names all that plans depend on: what there is, and what the user may do. Prepared statements are run without
   * planning again as long as it is the same; without it they are planned for each execution.
   */
  readonly version?: string | undefined;
}

/** Prints a name as messages and META().keyspace do. */
export function keyspaceText({ namespace, bucket, scope, collection }: KeyspaceName): string {
  const path = scope === undefined ? bucket : `${bucket}.${scope}.${collection}`;
  return `${namespace}:${path}`;
}
