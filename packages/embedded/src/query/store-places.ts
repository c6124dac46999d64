import type { KeyspaceName } from '@cb/sqlpp';
import type { CollectionEntry, ScopeEntry } from '../store/manifest.js';
import type { Engine } from './engine.js';
import type { QueryBucket, QueryHost } from './query-host.js';

const CODE_KEYSPACE = 12003;
const CODE_BUCKET = 12020;
const CODE_SCOPE = 12021;

const DEFAULT = '_default';

/** Prints the path of a keyspace as messages do. */
export function pathText({ namespace, bucket, scope, collection }: KeyspaceName): string {
  return scope === undefined ? `${namespace}:${bucket}` : `${namespace}:${bucket}.${scope}.${collection}`;
}

/** Finds buckets, scopes and collections by their names, and tells what is missing as the engine does. */
export class StorePlaces {
  readonly #engine: Engine;
  readonly #cluster: QueryHost;

  constructor(engine: Engine, cluster: QueryHost) {
    this.#engine = engine;
    this.#cluster = cluster;
  }

  /** @throws StatementError if there is none */
  bucket({ namespace, bucket }: Pick<KeyspaceName, 'namespace' | 'bucket'>): QueryBucket {
    const found = namespace === 'default' ? this.#cluster.findBucket(bucket) : undefined;
    if (found !== undefined) return found;
    throw this.fault(CODE_BUCKET, `Bucket not found in CB datastore: ${namespace}:${bucket}`);
  }

  /** @throws StatementError if there is none, or no bucket of its name */
  scope(name: Pick<KeyspaceName, 'namespace' | 'bucket'> & { readonly scope: string }): ScopeEntry {
    const found = this.bucket(name).manifest.scopes.find((scope) => scope.name === name.scope);
    if (found !== undefined) return found;
    throw this.fault(CODE_SCOPE, `Scope not found in CB datastore: ${name.namespace}:${name.bucket}.${name.scope}`);
  }

  /** @throws StatementError if a part of the path is missing */
  collection(name: KeyspaceName): CollectionEntry {
    const { scope = DEFAULT, collection = DEFAULT } = name;
    if (name.scope === undefined && this.#cluster.findBucket(name.bucket) === undefined) throw this.missing(name);
    const found = this.scope({ ...name, scope }).collections.find((each) => each.name === collection);
    if (found === undefined) throw this.missing(name);
    return found;
  }

  missing(name: KeyspaceName): Error {
    return this.fault(CODE_KEYSPACE, `Keyspace not found in CB datastore: ${pathText(name)}`);
  }

  fault(code: number, message: string): Error {
    return new this.#engine.StatementError(code, message);
  }
}
