import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Query, Value } from '@cb/sqlpp';
import type { Clock } from '../time/clock.js';
import type { AnswerOutput } from './answer-output.js';
import { type AnswerEnd, AnswerText } from './answer-text.js';
import { BinaryText } from './binary-text.js';
import type { Engine } from './engine.js';
import { httpStatusOf } from './http-status.js';
import type { QueryCatalog } from './query-catalog.js';
import { parseContext } from './query-context.js';
import { missing, notPrepared, type QueryError, QueryFault } from './query-fault.js';
import type { QueryRequest } from './query-request.js';

/** What a request runs on. */
export interface QueryRunHost {
  readonly engine: Engine;
  readonly catalog: QueryCatalog;
  readonly clock: Clock;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

const CODE_INTERNAL = 5000;

/** Carries a request out, and sends its answer. */
export class QueryRun {
  readonly #host: QueryRunHost;
  readonly #output: AnswerOutput;
  readonly #startedAtMs = performance.now();
  #resultCount = 0;
  #resultSize = 0;

  constructor(host: QueryRunHost, output: AnswerOutput) {
    this.#host = host;
    this.#output = output;
  }

  async run(request: QueryRequest): Promise<void> {
    const query = this.#begin(request);
    const { engine } = this.#host;
    const text = new AnswerText(engine, request.pretty);
    const hasSignature = query.isPlanned && request.signature;
    const signature = hasSignature ? projectionText(engine, query.signature ?? null, request) : undefined;
    const { clientContextId } = request;
    this.#output.add(text.head({ requestId: randomUUID(), clientContextId, signature }, query.isPlanned));
    const failure = await this.#sendRows(query, request, text);
    const errors = failure === undefined ? query.errors : [...query.errors, failure];
    const code = errors[0]?.code;
    this.#output.add(
      text.end(this.#endOf(query, request, errors, failure === undefined ? query.status : 'fatal'), query.isPlanned),
    );
    this.#output.end(query.isPlanned || code === undefined ? 200 : httpStatusOf(code));
  }

  /** Answers a request that cannot be begun. */
  refuse(error: QueryError, clientContextId: string | undefined): void {
    const text = new AnswerText(this.#host.engine, false);
    const metrics = { ...this.#times(), resultCount: 0, resultSize: 0, mutationCount: 0, sortCount: 0 };
    this.#output.add(text.head({ requestId: randomUUID(), clientContextId }, false));
    this.#output.add(text.end({ status: 'fatal', errors: [error], warnings: [], metrics }, false));
    this.#output.end(httpStatusOf(error.code));
  }

  #begin(request: QueryRequest): Query {
    const { engine, catalog, clock, signal } = this.#host;
    const { statement, prepared, positional, named, timeoutMs, readonly } = request;
    if (prepared !== undefined) throw notPrepared(prepared);
    if (statement === undefined) throw missing('statement or prepared');
    return engine.query(statement, {
      catalog,
      context: request.queryContext === undefined ? undefined : parseContext(request.queryContext),
      positional: positional.map((value) => this.#parameter(value)),
      named: Object.fromEntries(Object.entries(named).map(([name, value]) => [name, this.#parameter(value)])),
      timeoutMs,
      readonly,
      preserveExpiration: request.preserveExpiry,
      signal,
      clockMs: () => clock.now(),
    });
  }

  async #sendRows(query: Query, request: QueryRequest, text: AnswerText): Promise<QueryError | undefined> {
    const { engine } = this.#host;
    try {
      for await (const batch of query) {
        for (const row of batch) this.#sendRow(text, projectionText(engine, row, request));
        await this.#output.pass();
      }
      return undefined;
    } catch (error) {
      // What is not an error of the statement is told in the answer, too, as its head may have been sent.
      return { code: CODE_INTERNAL, msg: error instanceof Error ? error.message : String(error) };
    }
  }

  #sendRow(text: AnswerText, json: string): void {
    const row = text.rowText(json);
    this.#output.add(text.row(row, this.#resultCount === 0));
    this.#resultCount++;
    this.#resultSize += Buffer.byteLength(row);
  }

  #endOf(query: Query, request: QueryRequest, errors: readonly QueryError[], status: AnswerEnd['status']): AnswerEnd {
    const { mutationCount, sortCount, warnings } = query;
    const counts = { resultCount: this.#resultCount, resultSize: this.#resultSize, mutationCount, sortCount };
    const metrics = request.metrics ? { ...this.#times(), ...counts } : undefined;
    return { status, errors, warnings, metrics };
  }

  #times(): { readonly elapsedMs: number; readonly executionMs: number } {
    const elapsedMs = performance.now() - this.#startedAtMs;
    return { elapsedMs, executionMs: elapsedMs };
  }

  #parameter(value: unknown): Value {
    return value instanceof BinaryText ? new this.#host.engine.BinaryValue(Buffer.from(value.text)) : (value as Value);
  }
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
