import { randomBytes } from 'node:crypto';
import type { IndexCatalog, IndexDefinition, Keyspace, KeyspaceName, ObjectValue } from '@cb/sqlpp';
import type { DefinitionParts } from './definition-parts.js';
import type { CollectionIndexes } from './indexes/collection-indexes.js';
import { readAlteration, readIndexOptions } from './indexes/index-options.js';
import type { StoredIndex } from './indexes/stored-index.js';

/** Length of the id of an index, in bytes. */
const ID_BYTES = 8;

/** The indexes of the cluster as one user may define them. */
export class IndexDefinitions implements IndexCatalog {
  readonly #parts: DefinitionParts;
  readonly #builds: Promise<void>[] = [];

  constructor(parts: DefinitionParts) {
    this.#parts = parts;
  }

  /** The indexes of a collection; its documents are not needed here, nor the right to read them. */
  keyspace(name: KeyspaceName): Keyspace {
    const indexes = this.#managed(name);
    return { scan: () => [], get: () => undefined, indexes: () => indexes.all };
  }

  create(name: KeyspaceName, definition: IndexDefinition): void {
    const indexes = this.#managed(name);
    const { engine, cluster } = this.#parts;
    const { isDeferred, replicas } = readIndexOptions(engine, definition, cluster.nodes.length);
    const index = indexes.create(definition, randomBytes(ID_BYTES).toString('hex'), replicas);
    if (isDeferred) return;
    const build = this.#build(indexes, index);
    // A build that fails is told of by `settled`.
    build.catch(() => undefined);
    this.#builds.push(build);
  }

  drop(name: KeyspaceName, index: string): void {
    this.#managed(name).drop(index);
    this.#parts.cluster.queries.replan();
  }

  alter(name: KeyspaceName, index: string, options: ObjectValue): void {
    const indexes = this.#managed(name);
    const { engine, cluster } = this.#parts;
    const replicas = readAlteration(engine, options, cluster.nodes.length);
    const found = indexes.find(index);
    if (found !== undefined && replicas !== undefined) found.replicas = replicas;
  }

  build(name: KeyspaceName, names: readonly string[]): void {
    const indexes = this.#managed(name);
    const { cluster } = this.#parts;
    for (const each of names) {
      const index = indexes.find(each);
      if (index?.state !== 'deferred') continue;
      this.#build(indexes, index).catch((error) => cluster.warn(`the index ${each} cannot be built: ${error}`));
    }
  }

  /** Resolves when the indexes are online that were created without being deferred. */
  async settled(): Promise<void> {
    await Promise.all(this.#builds);
  }

  /** Statements may use the index when it is built. */
  async #build(indexes: CollectionIndexes, index: StoredIndex): Promise<void> {
    await indexes.build(index);
    this.#parts.cluster.queries.replan();
  }

  /** @throws StatementError if there is no such collection, or the user may not define its indexes */
  #managed(name: KeyspaceName): CollectionIndexes {
    const { engine, rights, places } = this.#parts;
    const { id } = places.collection(name);
    rights.demandIndexes(name);
    return places.bucket(name).indexes.of(id, engine);
  }
}
