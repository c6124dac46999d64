import type { ObjectValue } from '../values/value.js';
import type { KeyspaceName } from './catalog.js';
import type { IndexDefinition } from './index-definition.js';
import type { Keyspace } from './keyspace.js';

/**
 * What CREATE, DROP, ALTER and BUILD INDEX change. They are called when the statement runs, and throw a StatementError for
 * what they refuse. Whether an index of a name is there has been checked.
 */
export interface IndexCatalog {
  /**
   * Finds a keyspace whose indexes a statement is about. Default: as statements find those that they read.
   *
   * @throws StatementError if the store tells why there is none
   */
  keyspace?(name: KeyspaceName): Keyspace | undefined;
  /** Creates an index whose name is not taken. */
  create(keyspace: KeyspaceName, definition: IndexDefinition): void;
  /** Drops an index. */
  drop(keyspace: KeyspaceName, name: string): void;
  /** Changes where an index is kept. `options` are those of WITH, unchecked. */
  alter(keyspace: KeyspaceName, name: string, options: ObjectValue): void;
  /** Builds indexes; those that are not deferred stay as they are. */
  build(keyspace: KeyspaceName, names: readonly string[]): void;
}
