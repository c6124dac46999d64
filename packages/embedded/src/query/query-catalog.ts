import type { Catalog, Keyspace, KeyspaceName } from '@cb/sqlpp';
import { Privilege } from '../auth/privilege.js';
import type { User } from '../auth/user.js';
import type { ServiceBucket, ServiceHost } from '../http/hosts.js';
import { type Change, CollectionKeyspace } from './collection-keyspace.js';
import type { Engine } from './engine.js';

const CODE_KEYSPACE = 12003;
const CODE_BUCKET = 12020;
const CODE_SCOPE = 12021;
const CODE_CREDENTIALS = 13014;

const DEFAULT = '_default';

/** What statements do with documents. */
export type Action = 'SELECT' | Change;

/** Tells whether a user may do something with the documents of a collection. */
export type MayDo = (action: Action, name: Required<KeyspaceName>) => boolean;

const PRIVILEGES: Readonly<Record<Action, number>> = {
  SELECT: Privilege.QuerySelect,
  INSERT: Privilege.QueryInsert,
  UPDATE: Privilege.QueryUpdate,
  DELETE: Privilege.QueryDelete,
};

/** The keyspaces of a cluster as one user may see and change them. */
export class QueryCatalog implements Catalog {
  readonly #engine: Engine;
  readonly #cluster: ServiceHost;
  readonly #mayDo: MayDo;

  constructor(engine: Engine, cluster: ServiceHost, mayDo: MayDo) {
    this.#engine = engine;
    this.#cluster = cluster;
    this.#mayDo = mayDo;
  }

  /** @throws StatementError where a part of the path is missing, or the user may not select from it */
  keyspace(name: KeyspaceName): Keyspace | undefined {
    if (name.namespace !== 'default') return undefined;
    const bucket = this.#cluster.findBucket(name.bucket);
    if (bucket === undefined) throw this.#missingBucket(name);
    const { scope = DEFAULT, collection = DEFAULT } = name;
    const id = this.#collectionId(bucket, scope, collection, name);
    const check = (action: Action): void => {
      if (!this.#mayDo(action, { ...name, scope, collection })) throw this.#refused(action, name);
    };
    check('SELECT');
    return new CollectionKeyspace(this.#engine, bucket, id, check);
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

  #refused(action: Action, name: KeyspaceName): Error {
    const path = pathText(name);
    const what = name.scope === undefined ? `${path} bucket` : path;
    const message =
      `User does not have credentials to run ${action} queries on the ${what}. ` +
      `Add role query_${action.toLowerCase()} on ${path} to allow the query to run.`;
    return this.#fault(CODE_CREDENTIALS, message);
  }

  #fault(code: number, message: string): Error {
    return new this.#engine.StatementError(code, message);
  }
}

/** Returns what the user may do. */
export function rightsOf(user: User | undefined): MayDo {
  return (action, { bucket, scope = DEFAULT, collection = DEFAULT }) => {
    const held = (user?.privileges(bucket) ?? 0) | (user?.scopedPrivileges({ bucket, scope, collection }) ?? 0);
    return (held & PRIVILEGES[action]) !== 0;
  };
}

function pathText({ namespace, bucket, scope, collection }: KeyspaceName): string {
  return scope === undefined ? `${namespace}:${bucket}` : `${namespace}:${bucket}.${scope}.${collection}`;
}
