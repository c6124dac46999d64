import { ArgumentError } from '@cb/protocol';
import { Groups } from '../auth/groups.js';
import { User } from '../auth/user.js';
import type { Users } from '../auth/users.js';
import { type ClusterQueryOptions, checkClusterQuery, clusterQueryRequest } from './cluster-query-options.js';
import { type Engine, loadEngine } from './engine.js';
import { nodeName } from './node-name.js';
import { faultOf, type QueryError } from './query-fault.js';
import type { QueryHost } from './query-host.js';
import { RequestRun } from './request-run.js';
import { RunningRequest } from './running-request.js';
import { StatementFailure } from './statement-failure.js';

/** What a statement gave. */
export interface ClusterQueryResult<Row> {
  /** The rows, which belong to the caller. */
  readonly rows: Row[];
  /** Number of documents that were changed. */
  readonly mutationCount: number;
  /** What the statement should have avoided. */
  readonly warnings: readonly QueryError[];
}

/**
 * A statement of SQL++ that is run in the process of the cluster when its rows are asked for: `await` it for all of them,
 * or read them in a loop. It can be run once.
 */
export class ClusterQuery<Row = unknown> implements AsyncIterable<Row>, PromiseLike<ClusterQueryResult<Row>> {
  readonly #cluster: QueryHost;
  readonly #statement: string;
  readonly #options: ClusterQueryOptions;
  #isBegun = false;
  #run: RequestRun | undefined;
  #result: Promise<ClusterQueryResult<Row>> | undefined;

  /** @internal */
  constructor(cluster: QueryHost, statement: string, options: ClusterQueryOptions) {
    checkClusterQuery(statement, options);
    if (options.user !== undefined && cluster.users.get(options.user) === undefined) {
      throw new ArgumentError(`user: there is no user ${JSON.stringify(options.user)}`);
    }
    this.#cluster = cluster;
    this.#statement = statement;
    this.#options = options;
  }

  /**
   * Runs the statement, and resolves with all that it gave. It rejects with a `StatementFailure` if the statement failed,
   * or some of its mutations.
   */
  // biome-ignore lint/suspicious/noThenProperty: a statement is awaited for all of its rows
  then<Fulfilled = ClusterQueryResult<Row>, Rejected = never>(
    onFulfilled?: ((result: ClusterQueryResult<Row>) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((error: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#result ??= this.#collect();
    return this.#result.then(onFulfilled, onRejected);
  }

  /**
   * Runs the statement, and gives its rows as they are found; a loop that is left stops it.
   *
   * @throws StatementFailure behind the rows if it failed, or some of its mutations
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    if (this.#isBegun) throw new ArgumentError('the rows of a statement can be read once');
    this.#isBegun = true;
    const { queries, clock } = this.#cluster;
    const { user, signal } = this.#options;
    const engine = await loadEngine();
    await queries.javascript.ready();
    const running = new RunningRequest({ node: nodeName(this.#cluster, 0), user }, clock.now());
    const stop = (): void => running.stop();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted === true) stop();
    queries.requests.begin(running);
    try {
      yield* this.#rows(engine, running);
    } finally {
      signal?.removeEventListener('abort', stop);
      queries.requests.end(engine, running);
    }
  }

  async #collect(): Promise<ClusterQueryResult<Row>> {
    const rows: Row[] = [];
    for await (const row of this) rows.push(row);
    const { mutationCount = 0, warnings = [] } = this.#run?.query ?? {};
    return { rows, mutationCount, warnings };
  }

  async *#rows(engine: Engine, running: RunningRequest): AsyncGenerator<Row, void, undefined> {
    const run = this.#begin(engine, running);
    this.#run = run;
    for await (const batch of run.batches()) {
      for (const row of batch) {
        running.resultCount++;
        // What the engine gives may be part of a plan, or of what is stored.
        yield engine.parseJson(engine.jsonText(row ?? null)) as Row;
      }
    }
    const [error, ...more] = run.errors;
    if (error !== undefined) throw new StatementFailure(this.#statement, [error, ...more], run.query.mutationCount);
  }

  #begin(engine: Engine, running: RunningRequest): RequestRun {
    const { users } = this.#cluster;
    const { user: name } = this.#options;
    const user = name === undefined ? everyRight(users) : users.get(name);
    try {
      const request = clusterQueryRequest(this.#statement, this.#options);
      return new RequestRun({ engine, cluster: this.#cluster, user, running }, request);
    } catch (error) {
      running.errorCount = 1;
      running.end('fatal');
      throw new StatementFailure(this.#statement, [faultOf(error)], 0);
    }
  }
}

/** Users that may do anything, by the users of their cluster. */
const all = new WeakMap<Users, User>();

function everyRight(users: Users): User {
  const known = all.get(users);
  if (known !== undefined) return known;
  const user = new User('cluster', 'local', { roles: ['admin'] }, undefined, new Groups());
  all.set(users, user);
  return user;
}
