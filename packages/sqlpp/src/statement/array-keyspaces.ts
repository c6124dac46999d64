import type { Catalog } from '../keyspaces/catalog.js';
import type { Item, Keyspace } from '../keyspaces/keyspace.js';
import type { Value } from '../values/value.js';

/** Number of documents that are given at a time. */
const BATCH = 256;

/** Documents in arrays, by the name of their keyspace. The key of a document is its place. */
export type ArrayKeyspaces = Readonly<Record<string, readonly Value[]>>;

/** An element of an array. */
class ArrayItem implements Item {
  readonly document: Value;
  readonly #at: number;

  constructor(document: Value, at: number) {
    this.document = document;
    this.#at = at;
  }

  get id(): string {
    return String(this.#at);
  }
}

class ArrayKeyspace implements Keyspace {
  readonly #documents: readonly Value[];

  constructor(documents: readonly Value[]) {
    this.#documents = documents;
  }

  get count(): number {
    return this.#documents.length;
  }

  *scan(): Generator<readonly Item[]> {
    for (let at = 0; at < this.#documents.length; at += BATCH) {
      yield this.#documents.slice(at, at + BATCH).map((document, index) => new ArrayItem(document, at + index));
    }
  }

  get(id: string): Item | undefined {
    const document = /^(?:0|[1-9]\d*)$/.test(id) ? this.#documents[Number(id)] : undefined;
    return document === undefined ? undefined : { id, document };
  }
}

/** Returns a catalog of keyspaces that can be read only. */
export function catalogOfArrays(keyspaces: ArrayKeyspaces): Catalog {
  const known = new Map(Object.entries(keyspaces).map(([name, documents]) => [name, new ArrayKeyspace(documents)]));
  return {
    keyspace: ({ namespace, bucket, scope }) =>
      namespace === 'default' && scope === undefined ? known.get(bucket) : undefined,
  };
}
