import {
  ArgumentError,
  type CouchbaseError,
  checkOptions,
  describe,
  ProtocolError,
  type QueryFailure,
  type RawBucket,
  stringifyJson,
} from '@cb/raw';
import { callJson } from '../http/call-text.js';
import { serviceRetryRule } from '../http/retry-rules.js';
import type { ServiceClient } from '../http/service-client.js';
import { ReadableRows } from '../rows/readable-rows.js';
import { type RequestParts, ROWS_OPTIONS, type RowsOptions } from '../rows/rows-request.js';
import { isPreparedFailure, n1qlFailureIn, n1qlRefusal } from './n1ql-failure.js';
import { N1QLQuery } from './n1ql-query.js';
import { type PreparedStatement, preparedStatementsOf } from './prepared-statements.js';

const PATH = '/query/service';
/** So much of a statement stands in messages. */
const NAME_CHARACTERS_MAX = 60;

/** What a request to the query service takes beside its query. */
export interface N1QLRequestOptions<Row> extends RowsOptions {
  /** Makes the rows. Default: the JSON values themselves. */
  readonly rowFactory?: ((row: unknown) => Row) | undefined;
}

/**
 * The rows of a SQL++ statement, as they arrive. The embedded cluster has no query service: this needs a real one.
 *
 *   for await (const row of bucket.n1qlQuery('SELECT …')) console.log(row);
 */
export class N1QLRequest<Row = unknown> extends ReadableRows<Row> {
  readonly query: N1QLQuery;
  readonly name: string;
  protected readonly rowsName = 'results';
  readonly #rowFactory: ((row: unknown) => Row) | undefined;
  readonly #timeoutMs: number;
  readonly #contextId: string;
  /** The plan that is used, if one was there. */
  #prepared: PreparedStatement | undefined = undefined;
  /** A plan that did not work is replaced once. */
  #isRenewed = false;

  /** @throws ArgumentError */
  constructor(parent: RawBucket, query: N1QLQuery | string, options: N1QLRequestOptions<Row> = {}) {
    super(parent, options);
    checkOptions('a query', options, [...ROWS_OPTIONS, 'rowFactory']);
    const { rowFactory } = options;
    if (rowFactory !== undefined && typeof rowFactory !== 'function') {
      throw new ArgumentError(`rowFactory must be a function, not ${describe(rowFactory)}`);
    }
    this.query = query instanceof N1QLQuery ? query : new N1QLQuery(query);
    const { statement } = this.query;
    const isLong = statement.length > NAME_CHARACTERS_MAX;
    this.name = `query ${isLong ? `${statement.slice(0, NAME_CHARACTERS_MAX)}…` : statement}`;
    this.#rowFactory = rowFactory;
    this.#timeoutMs = options.timeout ?? this.defaultTimeoutMs;
    this.#contextId = this.query.options.clientContextId ?? parent.services.iops.randomBytes(16).toString('hex');
  }

  /** What went wrong, as the service says. */
  get errors(): readonly QueryFailure[] {
    return readList(this.metadata['errors']);
  }

  /** What the service warns of. */
  get warnings(): readonly QueryFailure[] {
    return readList(this.metadata['warnings']);
  }

  /** Everything that the answer has beside its rows. */
  get meta(): Readonly<Record<string, unknown>> {
    return this.metadata;
  }

  /** Times and counts, unless `metrics` is false. */
  get metrics(): unknown {
    return this.metadata['metrics'];
  }

  /** How the rows came about, with `profile`. */
  get profile(): unknown {
    return this.metadata['profile'];
  }

  protected get defaultTimeoutMs(): number {
    return this.parent.services.settings.timeoutsMs.query;
  }

  /** Older services prepare a statement by a request of its own, and give the plan to the client. */
  protected override async prepare(client: ServiceClient, signal: AbortSignal): Promise<void> {
    if (this.query.options.adhoc !== false) return;
    const { statement } = this.query;
    const statements = preparedStatementsOf(this.parent);
    this.#prepared = statements.get(statement);
    if (this.#prepared !== undefined || this.#isEnhanced) return;
    const parts = this.#parts({ statement: `PREPARE ${statement}` });
    const { retry } = client.services.settings;
    const call = { ...parts, timeoutMs: this.#timeoutMs, priority: 0, retry, signal };
    const answer = (await callJson(client, call)) as { readonly results?: readonly unknown[] };
    const failure = n1qlFailureIn(answer, this.details);
    if (failure !== undefined) throw failure;
    const { name, encoded_plan: plan } = (answer.results?.[0] ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name !== 'string') throw new ProtocolError(`${this.name} was prepared without a name`, this.details);
    this.#prepared = { name, encodedPlan: typeof plan === 'string' ? plan : undefined };
    statements.set(statement, this.#prepared);
  }

  protected request(): RequestParts {
    const { statement, options } = this.query;
    const prepared = this.#prepared;
    let what: object = { statement };
    if (prepared !== undefined) {
      what = {
        prepared: prepared.name,
        ...(prepared.encodedPlan === undefined ? {} : { encoded_plan: prepared.encodedPlan }),
      };
    } else if (options.adhoc === false) {
      what = { statement: `PREPARE ${statement}`, auto_execute: true };
    }
    return this.#parts({ ...what, ...this.query.members });
  }

  protected process(rows: unknown[]): Iterable<Row> {
    return this.#rowFactory === undefined ? (rows as Row[]) : rows.map(this.#rowFactory);
  }

  protected failureIn(metadata: object): CouchbaseError | undefined {
    const failure = n1qlFailureIn(metadata, this.details);
    const { prepared } = metadata as { readonly prepared?: unknown };
    if (failure === undefined && this.query.options.adhoc === false && typeof prepared === 'string') {
      const name = { name: prepared, encodedPlan: this.#prepared?.encodedPlan };
      preparedStatementsOf(this.parent).set(this.query.statement, name);
    }
    return failure;
  }

  protected override mayRepeat(error: CouchbaseError): boolean {
    if (this.#isRenewed || this.query.options.adhoc !== false || !isPreparedFailure(error)) return false;
    this.#isRenewed = true;
    preparedStatementsOf(this.parent).delete(this.query.statement);
    return true;
  }

  /** Whether the services pass plans on to each other, so that their name is enough. */
  get #isEnhanced(): boolean {
    const { map } = this.parent.services;
    return map?.clusterCapabilities.get('n1ql')?.has('enhancedPreparedStatements') === true;
  }

  #parts(members: object): RequestParts {
    const body = { ...members, timeout: `${this.#timeoutMs}ms`, client_context_id: this.#contextId };
    return {
      name: this.name,
      service: 'query',
      method: 'POST',
      path: PATH,
      body: stringifyJson(body),
      // A statement may change documents, unless the service was told to refuse that.
      idempotent: this.query.options.readonly === true,
      retryRule: serviceRetryRule,
      failure: n1qlRefusal,
    };
  }
}

function readList(list: unknown): QueryFailure[] {
  return Array.isArray(list)
    ? list.map((each) => ({ code: Number(each?.code ?? 0), message: String(each?.msg ?? '') }))
    : [];
}
