import type { Catalog, Item, Keyspace, Value } from '@cb/sqlpp';

const BATCH = 100;

/** Documents by their keys; a scan gives them in the order of the keys, as the store behind the goldens does. */
class SortedKeyspace implements Keyspace {
  readonly #items: ReadonlyMap<string, Item>;

  constructor(documents: readonly (readonly [id: string, document: Value])[]) {
    const sorted = documents.toSorted(([left], [right]) => (left < right ? -1 : 1));
    const meta = { cas: 1, expiration: 0, flags: 0 };
    this.#items = new Map(sorted.map(([id, document]) => [id, { id, document, meta }]));
  }

  get count(): number {
    return this.#items.size;
  }

  *scan(): Generator<readonly Item[]> {
    const items = [...this.#items.values()];
    for (let at = 0; at < items.length; at += BATCH) yield items.slice(at, at + BATCH);
  }

  get(id: string): Item | undefined {
    return this.#items.get(id);
  }
}

/** A catalog of keyspaces in the namespace default. */
export function catalogOf(
  keyspaces: Readonly<Record<string, readonly (readonly [id: string, document: Value])[]>>,
): Catalog {
  const known = new Map(Object.entries(keyspaces).map(([name, documents]) => [name, new SortedKeyspace(documents)]));
  return { keyspace: ({ namespace, bucket }) => (namespace === 'default' ? known.get(bucket) : undefined) };
}
