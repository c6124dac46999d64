import { randomUUID } from 'node:crypto';
import type { Query } from '@cb/sqlpp';
import { monotonicMs } from '../time/monotonic.js';
import type { QueryRequest } from './query-request.js';

/** Where a request comes from. */
export interface RequestOrigin {
  /** The node that serves it: its host and port of management. */
  readonly node: string;
  /** Name of the user; undefined without one. */
  readonly user: string | undefined;
  /** Address and port of the client; undefined for a request of this process. */
  readonly remoteAddress?: string | undefined;
  /** What the client calls itself. */
  readonly userAgent?: string | undefined;
}

/** How a request stands. */
export type RequestState = 'running' | 'completed' | 'errors' | 'fatal' | 'stopped';

/** A request under way: what is known of it, and the way to stop it. */
export class RunningRequest {
  readonly id = randomUUID();
  readonly origin: RequestOrigin;
  /** Milliseconds since 1970, by the clock of the cluster. */
  readonly requestedAtMs: number;
  /** What is asked for; undefined until that has been read. */
  request: QueryRequest | undefined;
  /** Undefined until the statement has been planned. */
  query: Query | undefined;
  state: RequestState = 'running';
  resultCount = 0;
  /** Bytes. */
  resultSize = 0;
  errorCount = 0;
  readonly #startedMs = monotonicMs();
  readonly #stopping = new AbortController();
  #elapsedMs: number | undefined;

  constructor(origin: RequestOrigin, requestedAtMs: number) {
    this.origin = origin;
    this.requestedAtMs = requestedAtMs;
  }

  /** Aborted when the request is to end. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Milliseconds that the request has taken so far, or took. */
  get elapsedMs(): number {
    return this.#elapsedMs ?? monotonicMs() - this.#startedMs;
  }

  /** Ends the statement. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Notes the end. What has been stopped stays so. */
  end(state: RequestState): void {
    this.#elapsedMs = this.elapsedMs;
    this.state = this.signal.aborted ? 'stopped' : state;
  }
}
