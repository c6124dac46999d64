import type { Query, QueryOptions, QueryStatus, StatementError, Value } from '@cb/sqlpp';
import type { User } from '../auth/user.js';
import { monotonicMs } from '../time/monotonic.js';
import { BinaryText } from './binary-text.js';
import { DurableWrites } from './durable-writes.js';
import type { Engine } from './engine.js';
import { QueryCatalog } from './query-catalog.js';
import { parseContext } from './query-context.js';
import { missing, type QueryError } from './query-fault.js';
import type { QueryHost } from './query-host.js';
import type { QueryRequest } from './query-request.js';
import type { RequestState, RunningRequest } from './running-request.js';

/** What a request runs on. */
export interface RequestRunHost {
  readonly engine: Engine;
  readonly cluster: QueryHost;
  /** The user of the request; nothing is allowed without one. */
  readonly user: User | undefined;
  readonly running: RunningRequest;
}

const CODE_TIMEOUT = 1080;
const CODE_INTERNAL = 5000;

/** Carries out the statement of a request, of a client or of this process, and tells the log of it. */
export class RequestRun {
  readonly query: Query;
  /** Milliseconds that reading and planning the statement took. */
  readonly planMs: number;
  readonly #host: RequestRunHost;
  readonly #catalog: QueryCatalog;
  readonly #request: QueryRequest;
  readonly #durable: DurableWrites | undefined;
  #lost: readonly QueryError[] = [];
  #failure: QueryError | undefined;

  /** @throws QueryFault if there is nothing to run, or for a context that cannot be read */
  constructor(host: RequestRunHost, request: QueryRequest) {
    this.#host = host;
    this.#request = request;
    const { engine, cluster, user, running } = host;
    running.request = request;
    this.#durable = request.durability && new DurableWrites(request.durability);
    this.#catalog = new QueryCatalog(engine, cluster, user, this.#durable);
    const startMs = monotonicMs();
    this.query = this.#begin();
    this.planMs = monotonicMs() - startMs;
    running.query = this.query;
  }

  /** All errors, when the rows have ended. */
  get errors(): readonly QueryError[] {
    const errors = [...this.query.errors, ...this.#lost];
    return this.#failure === undefined ? errors : [...errors, this.#failure];
  }

  /** Runs the statement. Errors do not end the loop otherwise than the last row does; a loop that is left stops it. */
  async *batches(): AsyncGenerator<readonly Value[], void, undefined> {
    const { consistency, scanWaitMs, timeoutMs } = this.#request;
    const { engine, running } = this.#host;
    const { signal } = running;
    try {
      if (this.query.isPlanned) await this.#catalog.ready({ consistency, scanWaitMs, timeoutMs, signal });
      yield* this.query;
      await this.#catalog.settled();
      this.#lost = (await this.#durable?.settled()) ?? [];
    } catch (error) {
      // What is not an error of the statement is told in the answer, too, as its head may have been sent.
      this.#failure = error instanceof engine.StatementError ? answerError(error) : internalError(error);
    } finally {
      this.#finish();
    }
  }

  #begin(): Query {
    const { engine } = this.#host;
    const { statement, prepared } = this.#request;
    const options = this.#options();
    if (prepared !== undefined) return engine.queryPrepared(prepared, options);
    if (statement === undefined) throw missing('statement or prepared');
    return engine.query(statement, options);
  }

  #options(): QueryOptions {
    const request = this.#request;
    const { cluster, running } = this.#host;
    const { positional, named, timeoutMs, memoryBytesMax, readonly, autoExecute } = request;
    return {
      catalog: this.#catalog,
      context: request.queryContext === undefined ? undefined : parseContext(request.queryContext),
      positional: positional.map((value) => this.#parameter(value)),
      named: Object.fromEntries(Object.entries(named).map(([name, value]) => [name, this.#parameter(value)])),
      timeoutMs,
      memoryBytesMax,
      readonly,
      autoExecute,
      indexRequired: cluster.plan.queries.indexRequired,
      preserveExpiration: request.preserveExpiry,
      signal: running.signal,
      clockMs: () => cluster.clock.now(),
    };
  }

  #parameter(value: unknown): Value {
    return value instanceof BinaryText ? new this.#host.engine.BinaryValue(Buffer.from(value.text)) : (value as Value);
  }

  #finish(): void {
    const { engine, cluster, running } = this.#host;
    const { errors, query } = this;
    const { status, prepared } = query;
    running.errorCount = errors.length;
    running.end(this.#failure === undefined ? stateOf(status, errors.length) : 'fatal');
    if (prepared === undefined) return;
    cluster.queries.prepareds(engine).record(prepared, cluster.clock.now(), running.elapsedMs);
  }
}

function stateOf(status: QueryStatus, errorCount: number): RequestState {
  if (status !== 'success') return status;
  return errorCount === 0 ? 'completed' : 'errors';
}

/** Returns what the answer tells of an error that ended the statement outside of the engine. */
function answerError({ code, message: msg }: StatementError): QueryError {
  return { code, msg, ...(code === CODE_TIMEOUT && { retry: true }) };
}

function internalError(error: unknown): QueryError {
  return { code: CODE_INTERNAL, msg: error instanceof Error ? error.message : String(error) };
}
