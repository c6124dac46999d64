import {
  type Catalog,
  FunctionStore,
  type Item,
  type Keyspace,
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
    if (fault === undefined) this.#items.delete(item.id);
    return fault;
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
    return item;
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
  };
}
