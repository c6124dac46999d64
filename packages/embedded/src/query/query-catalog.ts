import type {
  Catalog,
  FunctionCatalog,
  IndexCatalog,
  Keyspace,
  KeyspaceName,
  PreparedCatalog,
  ScopeCatalog,
  SequenceCatalog,
} from '@cb/sqlpp';
import type { User } from '../auth/user.js';
import { CollectionKeyspace } from './collection-keyspace.js';
import type { DurableWrites } from './durable-writes.js';
import type { Engine } from './engine.js';
import { FunctionDefinitions } from './function-definitions.js';
import { IndexDefinitions } from './index-definitions.js';
import { awaitIndexes, type IndexWait } from './index-wait.js';
import { planVersion } from './plan-version.js';
import type { QueryHost } from './query-host.js';
import { QueryRights } from './query-rights.js';
import { ScopeDefinitions } from './scope-definitions.js';
import { SequenceDefinitions } from './sequence-definitions.js';
import { pathText, StorePlaces } from './store-places.js';
import { SystemKeyspace } from './system/system-keyspace.js';
import { findSystemKeyspace } from './system/system-keyspaces.js';

/** The keyspaces and definitions of a cluster as one user may see and change them. */
export class QueryCatalog implements Catalog {
  readonly scopes: ScopeCatalog;
  readonly sequences: SequenceCatalog;
  readonly functions: FunctionCatalog;
  readonly prepareds: PreparedCatalog;
  readonly #indexes: IndexDefinitions;
  readonly #engine: Engine;
  readonly #cluster: QueryHost;
  readonly #user: User | undefined;
  readonly #rights: QueryRights;
  readonly #places: StorePlaces;
  /** Keyspaces that were found, by their path: the name of the bucket. */
  readonly #found = new Map<string, string>();
  readonly #durable: DurableWrites | undefined;

  /**
   * @param user the user of the request; nothing is allowed without one
   * @param durable what writes, if that is to be durable
   */
  constructor(engine: Engine, cluster: QueryHost, user: User | undefined, durable?: DurableWrites) {
    this.#engine = engine;
    this.#cluster = cluster;
    this.#user = user;
    this.#durable = durable;
    this.#rights = new QueryRights(engine, user);
    this.#places = new StorePlaces(engine, cluster);
    const parts = { engine, cluster, rights: this.#rights, places: this.#places };
    this.scopes = new ScopeDefinitions(parts);
    this.sequences = new SequenceDefinitions(parts);
    this.functions = new FunctionDefinitions(parts);
    this.#indexes = new IndexDefinitions(parts);
    this.prepareds = cluster.queries.prepareds(engine);
  }

  /** Plans with durable writes are of one request. */
  get version(): string | undefined {
    return this.#durable === undefined ? planVersion(this.#cluster, this.#user) : undefined;
  }

  /** @throws StatementError where a part of the path is missing, or the user may not select from it */
  keyspace(name: KeyspaceName): Keyspace | undefined {
    if (name.namespace === 'system') return this.#systemKeyspace(name.bucket);
    if (name.namespace !== 'default') return undefined;
    const { id } = this.#places.collection(name);
    this.#rights.demand('SELECT', name);
    const bucket = this.#places.bucket(name);
    this.#found.set(pathText(name), name.bucket);
    return new CollectionKeyspace(
      this.#engine,
      bucket,
      id,
      {
        seesSystemXattrs: this.#rights.seesSystemXattrs(name),
        check: (change) => this.#rights.demand(change, name),
      },
      this.#durable,
    );
  }

  get indexes(): IndexCatalog {
    return this.#indexes;
  }

  /**
   * Brings the indexes up to date before a statement that is planned runs, as far as its request asks for that.
   *
   * @throws StatementError if that takes longer than the request allows
   */
  ready(wait: IndexWait): Promise<void> {
    return awaitIndexes({ engine: this.#engine, cluster: this.#cluster, keyspaces: this.#found }, wait);
  }

  /** Resolves when the indexes are built that statements have created. */
  settled(): Promise<void> {
    return this.#indexes.settled();
  }

  #systemKeyspace(name: string): Keyspace | undefined {
    const spec = findSystemKeyspace(name);
    if (spec === undefined) return undefined;
    this.#rights.demandSystem(spec.needs);
    return new SystemKeyspace(spec, { engine: this.#engine, cluster: this.#cluster, user: this.#user });
  }
}
