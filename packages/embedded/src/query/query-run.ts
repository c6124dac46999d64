import type { PreparedStore, Query, QueryOptions, QueryStatus, StatementError, Value } from '@cb/sqlpp';
import type { Clock } from '../time/clock.js';
import type { AnswerOutput } from './answer-output.js';
import { type AnswerEnd, AnswerText } from './answer-text.js';
import { BinaryText } from './binary-text.js';
import { controlsText } from './controls-text.js';
import type { Engine } from './engine.js';
import { httpStatusOf } from './http-status.js';
import type { QueryCatalog } from './query-catalog.js';
import { parseContext } from './query-context.js';
import { missing, type QueryError, QueryFault } from './query-fault.js';
import type { QueryRequest } from './query-request.js';
import type { RunningRequest } from './running-request.js';

/** What a request runs on. */
export interface QueryRunHost {
  readonly engine: Engine;
  readonly catalog: QueryCatalog;
  readonly clock: Clock;
  readonly prepareds: PreparedStore;
  /** Stopped when the client is gone. */
  readonly running: RunningRequest;
}

const CODE_TIMEOUT = 1080;
const CODE_INTERNAL = 5000;

/** Carries a request out, and sends its answer. */
export class QueryRun {
  readonly #host: QueryRunHost;
  readonly #output: AnswerOutput;

  constructor(host: QueryRunHost, output: AnswerOutput) {
    this.#host = host;
    this.#output = output;
  }

  async run(request: QueryRequest): Promise<void> {
    const { engine, running } = this.#host;
    running.request = request;
    const query = this.#begin(request);
    running.query = query;
    const text = new AnswerText(engine, request.pretty);
    const hasSignature = query.isPlanned && request.signature;
    const signature = hasSignature ? projectionText(engine, query.signature ?? null, request) : undefined;
    const { clientContextId } = request;
    const prepared = request.autoExecute ? query.prepared?.name : undefined;
    this.#output.add(text.head({ requestId: running.id, clientContextId, prepared, signature }, query.isPlanned));
    const failure = await this.#sendRows(query, request, text);
    const errors = failure === undefined ? query.errors : [...query.errors, failure];
    const code = errors[0]?.code;
    this.#finish(query, errors, failure === undefined ? query.status : 'fatal');
    this.#output.add(text.end(this.#endOf(query, request, errors), query.isPlanned));
    this.#output.end(query.isPlanned || code === undefined ? 200 : httpStatusOf(code));
  }

  /** Answers a request that cannot be begun. */
  refuse(error: QueryError, clientContextId: string | undefined): void {
    const text = new AnswerText(this.#host.engine, false);
    const { running } = this.#host;
    running.errorCount = 1;
    running.end('fatal');
    const metrics = { ...this.#times(), resultCount: 0, resultSize: 0, mutationCount: 0, sortCount: 0 };
    this.#output.add(text.head({ requestId: running.id, clientContextId }, false));
    this.#output.add(text.end({ status: 'fatal', errors: [error], warnings: [], metrics }, false));
    this.#output.end(httpStatusOf(error.code));
  }

  #begin(request: QueryRequest): Query {
    const { engine } = this.#host;
    const { statement, prepared } = request;
    const options = this.#optionsOf(request);
    if (prepared !== undefined) return engine.queryPrepared(prepared, options);
    if (statement === undefined) throw missing('statement or prepared');
    return engine.query(statement, options);
  }

  #optionsOf(request: QueryRequest): QueryOptions {
    const { catalog, clock, running } = this.#host;
    const { positional, named, timeoutMs, memoryBytesMax, readonly, autoExecute } = request;
    return {
      catalog,
      context: request.queryContext === undefined ? undefined : parseContext(request.queryContext),
      positional: positional.map((value) => this.#parameter(value)),
      named: Object.fromEntries(Object.entries(named).map(([name, value]) => [name, this.#parameter(value)])),
      timeoutMs,
      memoryBytesMax,
      readonly,
      autoExecute,
      preserveExpiration: request.preserveExpiry,
      signal: running.signal,
      clockMs: () => clock.now(),
    };
  }

  async #sendRows(query: Query, request: QueryRequest, text: AnswerText): Promise<QueryError | undefined> {
    const { engine, catalog, running } = this.#host;
    const { consistency, scanWaitMs, timeoutMs } = request;
    try {
      if (query.isPlanned) await catalog.ready({ consistency, scanWaitMs, timeoutMs, signal: running.signal });
      for await (const batch of query) {
        for (const row of batch) this.#sendRow(text, projectionText(engine, row, request));
        await this.#output.pass();
      }
      await catalog.settled();
      return undefined;
    } catch (error) {
      if (error instanceof engine.StatementError) return answerError(error);
      // What is not an error of the statement is told in the answer, too, as its head may have been sent.
      return { code: CODE_INTERNAL, msg: error instanceof Error ? error.message : String(error) };
    }
  }

  #sendRow(text: AnswerText, json: string): void {
    const { running } = this.#host;
    const row = text.rowText(json);
    this.#output.add(text.row(row, running.resultCount === 0));
    running.resultCount++;
    running.resultSize += Buffer.byteLength(row);
  }

  /** Notes the end of a request that was begun. */
  #finish(query: Query, errors: readonly QueryError[], status: QueryStatus): void {
    const { running, prepareds, clock } = this.#host;
    running.errorCount = errors.length;
    running.end(status === 'success' ? 'completed' : status);
    if (query.prepared !== undefined) prepareds.record(query.prepared, clock.now(), running.elapsedMs);
  }

  #endOf(query: Query, request: QueryRequest, errors: readonly QueryError[]): AnswerEnd {
    const { engine, running } = this.#host;
    const { resultCount, resultSize, state } = running;
    const { mutationCount, sortCount, warnings } = query;
    const metrics = { ...this.#times(), resultCount, resultSize, mutationCount, sortCount };
    return {
      status: state === 'completed' || state === 'running' ? 'success' : state,
      errors,
      warnings,
      metrics: request.metrics ? metrics : undefined,
      controls: request.controls ? controlsText(engine, request, query) : undefined,
    };
  }

  #times(): { readonly elapsedMs: number; readonly executionMs: number } {
    const { elapsedMs } = this.#host.running;
    return { elapsedMs, executionMs: elapsedMs };
  }

  #parameter(value: unknown): Value {
    return value instanceof BinaryText ? new this.#host.engine.BinaryValue(Buffer.from(value.text)) : (value as Value);
  }
}

/** Returns what the answer tells of an error that ended the statement outside of the engine. */
function answerError({ code, message: msg }: StatementError): QueryError {
  return { code, msg, ...(code === CODE_TIMEOUT && { retry: true }) };
}

/** Prints a row or a signature: its names in the order of the projection, or sorted if that is asked for. */
function projectionText({ isObject, jsonText }: Engine, value: Value, { sortProjection }: QueryRequest): string {
  if (sortProjection || !isObject(value)) return jsonText(value);
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${jsonText(member)}`);
  }
  return `{${members.join()}}`;
}

/** Returns what the answer tells of an error before the statement began; others are thrown. */
export function faultOf(error: unknown): QueryError {
  if (error instanceof QueryFault) return error.error;
  throw error;
}
