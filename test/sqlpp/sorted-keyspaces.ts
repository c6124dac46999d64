import {
  type Catalog,
  DocumentIndex,
  FunctionStore,
  type IndexDefinition,
  type IndexEntry,
  type IndexScanOptions,
  type IndexSpan,
  type IndexState,
  type Item,
  type Keyspace,
  type KeyspaceIndex,
  type MutationFault,
  type MutationOptions,
  PreparedStore,
  SequenceStore,
  type Value,
} from '@cb/sqlpp';

const BATCH = 100;

/** Documents by their keys; a scan gives them in the order of the keys, as the store behind the goldens does. */
class SortedKeyspace implements Keyspace {
  readonly #items = new Map<string, Item>();
  readonly #indexes = new Map<string, SortedIndex>();
  #cas = 0;

  constructor(documents: readonly (readonly [id: string, document: Value])[]) {
    for (const [id, document] of documents) this.#store(id, document, 0);
  }

  get count(): number {
    return this.#items.size;
  }

  *scan(): Generator<readonly Item[]> {
    const items = [...this.#items.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
    for (let at = 0; at < items.length; at += BATCH) yield items.slice(at, at + BATCH);
  }

  get(id: string): Item | undefined {
    return this.#items.get(id);
  }

  insert(id: string, document: Value, { expiration = 0 }: MutationOptions): Item | MutationFault {
    return this.#items.has(id) ? { kind: 'exists' } : this.#store(id, document, expiration);
  }

  upsert(id: string, document: Value, options: MutationOptions): Item {
    return this.#store(id, document, options.expiration ?? this.#expirationOf(id));
  }

  replace(item: Item, document: Value, options: MutationOptions): Item | MutationFault {
    const fault = this.#faultOf(item);
    return fault ?? this.#store(item.id, document, options.expiration ?? this.#expirationOf(item.id));
  }

  remove(item: Item): MutationFault | undefined {
    const fault = this.#faultOf(item);
    if (fault !== undefined) return fault;
    this.#items.delete(item.id);
    for (const { index } of this.#indexes.values()) index.remove(item.id);
    return undefined;
  }

  #faultOf({ id, meta }: Item): MutationFault | undefined {
    const found = this.#items.get(id);
    if (found === undefined) return { kind: 'not found' };
    return found.meta?.cas === meta?.cas ? undefined : { kind: 'changed' };
  }

  #expirationOf(id: string): number {
    return this.#items.get(id)?.meta?.expiration ?? 0;
  }

  #store(id: string, document: Value, expiration: number): Item {
    const item = { id, document, meta: { cas: ++this.#cas, expiration, flags: 0 } };
    this.#items.set(id, item);
    for (const { index } of this.#indexes.values()) index.put(item);
    return item;
  }

  indexes(): readonly KeyspaceIndex[] {
    return [...this.#indexes.values()];
  }

  createIndex(definition: IndexDefinition): void {
    const index = new DocumentIndex(definition);
    index.load(this.#items.values());
    this.#indexes.set(definition.name, new SortedIndex(index, definition.with['defer_build'] === true));
  }

  dropIndex(name: string): void {
    this.#indexes.delete(name);
  }

  buildIndexes(names: readonly string[]): void {
    for (const name of names) {
      const known = this.#indexes.get(name);
      if (known !== undefined) known.state = 'online';
    }
  }
}

class SortedIndex implements KeyspaceIndex {
  readonly index: DocumentIndex;
  state: IndexState;

  constructor(index: DocumentIndex, isDeferred: boolean) {
    this.index = index;
    this.state = isDeferred ? 'deferred' : 'online';
  }

  get id(): string {
    return this.definition.name;
  }

  get definition(): IndexDefinition {
    return this.index.definition;
  }

  scan(spans: readonly IndexSpan[], options: IndexScanOptions): Iterable<readonly IndexEntry[]> {
    return this.index.scan(spans, options);
  }
}

/** A catalog of keyspaces in the namespace default, by their paths: a bucket, or bucket, scope and collection. */
export function catalogOf(
  keyspaces: Readonly<Record<string, readonly (readonly [id: string, document: Value])[]>>,
): Catalog {
  const known = new Map(Object.entries(keyspaces).map(([path, documents]) => [path, new SortedKeyspace(documents)]));
  return {
    keyspace: ({ namespace, bucket, scope, collection }) =>
      namespace === 'default'
        ? known.get(scope === undefined ? bucket : `${bucket}.${scope}.${collection}`)
        : undefined,
    functions: new FunctionStore(),
    prepareds: new PreparedStore(),
    sequences: new SequenceStore(),
    indexes: {
      create: ({ bucket }, definition) => known.get(bucket)?.createIndex(definition),
      drop: ({ bucket }, name) => known.get(bucket)?.dropIndex(name),
      alter: () => undefined,
      build: ({ bucket }, names) => known.get(bucket)?.buildIndexes(names),
    },
  };
}
