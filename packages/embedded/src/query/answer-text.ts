import type { Engine } from './engine.js';
import { prettyJson } from './pretty-json.js';
import type { QueryError } from './query-fault.js';

export interface AnswerHead {
  readonly requestId: string;
  readonly clientContextId?: string | undefined;
  /** Name of the statement that was prepared and run at once. */
  readonly prepared?: string | undefined;
  /** JSON; undefined to leave it out. */
  readonly signature?: string | undefined;
}

export interface AnswerMetrics {
  readonly elapsedMs: number;
  readonly executionMs: number;
  readonly resultCount: number;
  readonly resultSize: number;
  readonly mutationCount: number;
  readonly sortCount: number;
}

export interface AnswerEnd {
  readonly status: 'success' | 'errors' | 'fatal' | 'timeout' | 'stopped';
  readonly errors: readonly QueryError[];
  readonly warnings: readonly QueryError[];
  readonly metrics?: AnswerMetrics | undefined;
  /** JSON; undefined to leave it out. */
  readonly profile?: string | undefined;
  /** As it is sent; undefined to leave it out. */
  readonly controls?: string | undefined;
}

const INDENT = '    ';

const NANOS_PER_MS = 1e6;

/** Prints an answer piece by piece, as a server does: pretty, or one member a line. */
export class AnswerText {
  readonly #engine: Engine;
  readonly #pretty: boolean;

  constructor(engine: Engine, pretty: boolean) {
    this.#engine = engine;
    this.#pretty = pretty;
  }

  /** What comes before the rows, with the start of their list where there are rows to come. */
  head({ requestId, clientContextId, prepared, signature }: AnswerHead, hasRows: boolean): string {
    const members = [`"requestID": ${JSON.stringify(requestId)}`];
    if (clientContextId !== undefined) members.push(`"clientContextID": ${JSON.stringify(clientContextId)}`);
    if (prepared !== undefined) members.push(`"prepared": ${JSON.stringify(prepared)}`);
    if (signature !== undefined) members.push(`"signature": ${this.#value(signature)}`);
    const text = `{\n${members.map((member) => this.#line(member)).join(',\n')}`;
    return hasRows ? `${text},\n${this.#line('"results": [')}` : text;
  }

  /** A row, as it counts for the size of the result. What divides it from the one before is not part of it. */
  rowText(json: string): string {
    return this.#pretty ? prettyJson(json, INDENT) : json;
  }

  /** Puts a row behind the one before. */
  row(text: string, isFirst: boolean): string {
    return `${isFirst ? '' : ','}\n${this.#line(text)}`;
  }

  end(end: AnswerEnd, hasRows: boolean): string {
    const members: string[] = [];
    if (end.errors.length > 0) members.push(`"errors": ${this.#list(end.errors)}`);
    if (end.warnings.length > 0) members.push(`"warnings": ${this.#list(end.warnings)}`);
    members.push(`"status": "${end.status}"`);
    if (end.profile !== undefined) members.push(`"profile": ${this.#value(end.profile)}`);
    if (end.metrics !== undefined) members.push(`"metrics": ${this.#metrics(end.metrics, end)}`);
    if (end.controls !== undefined) members.push(`"controls": ${end.controls}`);
    const rows = hasRows ? `\n${this.#line(']')}` : '';
    return `${rows},\n${members.map((member) => this.#line(member)).join(',\n')}\n}\n`;
  }

  #line(text: string): string {
    return this.#pretty ? INDENT + text : text;
  }

  #value(json: string): string {
    return this.#pretty ? prettyJson(json, INDENT) : json;
  }

  #list(errors: readonly QueryError[]): string {
    const items = errors.map((error) => JSON.stringify(sortedError(error)));
    return this.#pretty ? this.#value(`[${items.join()}]`) : `[${items.join(',')}]`;
  }

  #duration(ms: number): string {
    return this.#engine.durationText(ms * NANOS_PER_MS);
  }

  #metrics(metrics: AnswerMetrics, { errors, warnings }: AnswerEnd): string {
    const members = [
      `"elapsedTime":"${this.#duration(metrics.elapsedMs)}"`,
      `"executionTime":"${this.#duration(metrics.executionMs)}"`,
      `"resultCount": ${metrics.resultCount}`,
      `"resultSize": ${metrics.resultSize}`,
      '"serviceLoad":0',
      ...counted('mutationCount', metrics.mutationCount),
      ...counted('sortCount', metrics.sortCount),
      ...counted('errorCount', errors.length),
      ...counted('warningCount', warnings.length),
    ];
    if (!this.#pretty) return `{${members.join(',')}}`;
    return `{\n${members.map((member) => INDENT + INDENT + member).join(',\n')}\n${INDENT}}`;
  }
}

function counted(name: string, count: number): string[] {
  return count === 0 ? [] : [`"${name}": ${count}`];
}

/** Members of an error in the order of their names. */
function sortedError(error: QueryError): Record<string, unknown> {
  const { code, column, line, msg, cause, reason, retry } = error;
  return {
    ...(cause !== undefined && { cause }),
    code,
    ...(column !== undefined && { column }),
    ...(line !== undefined && { line }),
    msg,
    ...(reason !== undefined && { reason }),
    ...(retry !== undefined && { retry }),
  };
}
