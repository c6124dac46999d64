import type { AnswerOutput } from './answer-output.js';
import { type AnswerEnd, AnswerText } from './answer-text.js';
import { controlsText } from './controls-text.js';
import { httpStatusOf } from './http-status.js';
import { profileText } from './profile-text.js';
import type { QueryError } from './query-fault.js';
import type { QueryRequest } from './query-request.js';
import { RequestRun, type RequestRunHost } from './request-run.js';
import { RowText } from './row-text.js';

/** Carries a request out, and sends its answer. */
export class QueryRun {
  readonly #host: RequestRunHost;
  readonly #output: AnswerOutput;

  constructor(host: RequestRunHost, output: AnswerOutput) {
    this.#host = host;
    this.#output = output;
  }

  /** @throws QueryFault for a request that cannot be begun */
  async run(request: QueryRequest): Promise<void> {
    const { engine, running } = this.#host;
    const run = new RequestRun(this.#host, request);
    const { query } = run;
    const text = new AnswerText(engine, request.pretty);
    const rows = new RowText(engine, request.sortProjection);
    const hasSignature = query.isPlanned && request.signature;
    const signature = hasSignature ? rows.text(query.signature ?? null) : undefined;
    const { clientContextId } = request;
    const prepared = request.autoExecute ? query.prepared?.name : undefined;
    this.#output.add(text.head({ requestId: running.id, clientContextId, prepared, signature }, query.isPlanned));
    for await (const batch of run.batches()) {
      for (const row of batch) this.#sendRow(text, rows.text(row));
      await this.#output.pass();
    }
    this.#output.add(text.end(this.#endOf(run, request), query.isPlanned));
    const code = run.errors[0]?.code;
    this.#output.end(query.isPlanned || code === undefined ? 200 : httpStatusOf(code));
  }

  /** Answers a request that is not begun. */
  refuse(errors: readonly [QueryError, ...QueryError[]], clientContextId: string | undefined): void {
    const { engine, running } = this.#host;
    const text = new AnswerText(engine, false);
    running.errorCount = errors.length;
    running.end('fatal');
    const metrics = { ...this.#times(), resultCount: 0, resultSize: 0, mutationCount: 0, sortCount: 0 };
    this.#output.add(text.head({ requestId: running.id, clientContextId }, false));
    this.#output.add(text.end({ status: 'fatal', errors, warnings: [], metrics }, false));
    this.#output.end(httpStatusOf(errors[0].code));
  }

  #sendRow(text: AnswerText, json: string): void {
    const { running } = this.#host;
    const row = text.rowText(json);
    this.#output.add(text.row(row, running.resultCount === 0));
    running.resultCount++;
    running.resultSize += Buffer.byteLength(row);
  }

  #endOf(run: RequestRun, request: QueryRequest): AnswerEnd {
    const { engine, running } = this.#host;
    const { query, errors } = run;
    const { resultCount, resultSize, state } = running;
    const { mutationCount, sortCount, warnings } = query;
    const metrics = { ...this.#times(), resultCount, resultSize, mutationCount, sortCount };
    return {
      status: state === 'completed' || state === 'running' ? 'success' : state,
      errors,
      warnings,
      // A statement that names no keyspace has no phases to tell of.
      profile: request.profile && query.keyspaces.length > 0 ? profileText(engine, run, running) : undefined,
      metrics: request.metrics ? metrics : undefined,
      controls: request.controls ? controlsText(engine, request, query) : undefined,
    };
  }

  #times(): { readonly elapsedMs: number; readonly executionMs: number } {
    const { elapsedMs } = this.#host.running;
    return { elapsedMs, executionMs: elapsedMs };
  }
}
