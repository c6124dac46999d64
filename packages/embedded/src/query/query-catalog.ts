import type { Catalog, Keyspace, KeyspaceName } from '@cb/sqlpp';
import { Privilege } from '../auth/privilege.js';
import type { User } from '../auth/user.js';
import type { ServiceBucket, ServiceHost } from '../http/hosts.js';
import { CollectionKeyspace } from './collection-keyspace.js';
import type { Engine } from './engine.js';

const CODE_KEYSPACE = 12003;
const CODE_BUCKET = 12020;
const CODE_SCOPE = 12021;
const CODE_CREDENTIALS = 13014;

const DEFAULT = '_default';

/** The keyspaces of a cluster as one user may see them; every user if it is the process itself. */
export class QueryCatalog implements Catalog {
  readonly #engine: Engine;
  readonly #cluster: ServiceHost;
  readonly #mayRead: (name: Required<KeyspaceName>) => boolean;

  constructor(engine: Engine, cluster: ServiceHost, mayRead: (name: Required<KeyspaceName>) => boolean) {
    this.#engine = engine;
    this.#cluster = cluster;
    this.#mayRead = mayRead;
  }

  /** @throws StatementError where a part of the path is missing, or the user may not select from it */
  keyspace(name: KeyspaceName): Keyspace | undefined {
    if (name.namespace !== 'default') return undefined;
    const bucket = this.#cluster.findBucket(name.bucket);
    if (bucket === undefined) throw this.#missingBucket(name);
    const { scope = DEFAULT, collection = DEFAULT } = name;
    const id = this.#collectionId(bucket, scope, collection, name);
    if (!this.#mayRead({ ...name, scope, collection })) throw this.#refused(name);
    return new CollectionKeyspace(this.#engine, bucket, id);
  }

  #collectionId(bucket: ServiceBucket, scope: string, collection: string, name: KeyspaceName): number {
    const found = bucket.manifest.scopes.find((each) => each.name === scope);
    if (found === undefined) {
      throw this.#fault(CODE_SCOPE, `Scope not found in CB datastore: ${name.namespace}:${name.bucket}.${scope}`);
    }
    const entry = found.collections.find((each) => each.name === collection);
    if (entry === undefined) throw this.#missingKeyspace(name);
    return entry.id;
  }

  #missingBucket(name: KeyspaceName): Error {
    if (name.scope === undefined) return this.#missingKeyspace(name);
    return this.#fault(CODE_BUCKET, `Bucket not found in CB datastore: ${name.namespace}:${name.bucket}`);
  }

  #missingKeyspace(name: KeyspaceName): Error {
    return this.#fault(CODE_KEYSPACE, `Keyspace not found in CB datastore: ${pathText(name)}`);
  }

  #refused(name: KeyspaceName): Error {
    const path = pathText(name);
    const what = name.scope === undefined ? `${path} bucket` : path;
    const message =
      `User does not have credentials to run SELECT queries on the ${what}. ` +
      `Add role query_select on ${path} to allow the query to run.`;
    return this.#fault(CODE_CREDENTIALS, message);
  }

  #fault(code: number, message: string): Error {
    return new this.#engine.StatementError(code, message);
  }
}

/** Returns whether the user may select from a collection. */
export function readerOf(user: User | undefined): (name: Required<KeyspaceName>) => boolean {
  return ({ bucket, scope = DEFAULT, collection = DEFAULT }) => {
    const held = (user?.privileges(bucket) ?? 0) | (user?.scopedPrivileges({ bucket, scope, collection }) ?? 0);
    return (held & Privilege.QuerySelect) !== 0;
  };
}

function pathText({ namespace, bucket, scope, collection }: KeyspaceName): string {
  return scope === undefined ? `${namespace}:${bucket}` : `${namespace}:${bucket}.${scope}.${collection}`;
}
