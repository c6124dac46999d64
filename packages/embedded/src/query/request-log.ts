import type { ObjectValue } from '@cb/sqlpp';
import type { Engine } from './engine.js';
import { requestDocument } from './request-document.js';
import type { RequestOrigin, RunningRequest } from './running-request.js';

/** What is logged of requests that have ended. */
export interface LogSettings {
  /** A request is logged if it took so many milliseconds; 0 for all, a negative number for none. */
  readonly thresholdMs: number;
  /** Requests that are logged at most: one more takes the place of the oldest. */
  readonly entriesMax: number;
}

/** A request that has ended. */
export interface LoggedRequest {
  readonly id: string;
  readonly origin: RequestOrigin;
  readonly document: ObjectValue;
}

/** What a server logs unless it is told otherwise. */
const DEFAULTS: LogSettings = { thresholdMs: 1000, entriesMax: 4000 };

/** The requests under way at all nodes, and those that took long. */
export class RequestLog {
  settings = DEFAULTS;
  readonly #active = new Map<string, RunningRequest>();
  readonly #completed = new Map<string, LoggedRequest>();
  #count = 0;
  #errorCount = 0;
  #totalMs = 0;

  get active(): ReadonlyMap<string, RunningRequest> {
    return this.#active;
  }

  get completed(): ReadonlyMap<string, LoggedRequest> {
    return this.#completed;
  }

  /** Counts over all requests that have ended. */
  get totals(): { readonly count: number; readonly errorCount: number; readonly totalMs: number } {
    return { count: this.#count, errorCount: this.#errorCount, totalMs: this.#totalMs };
  }

  begin(running: RunningRequest): void {
    this.#active.set(running.id, running);
  }

  /** Takes a request that has ended out of those under way. */
  end(engine: Engine, running: RunningRequest): void {
    const { id, origin, elapsedMs, errorCount } = running;
    const { thresholdMs, entriesMax } = this.settings;
    this.#active.delete(id);
    this.#count++;
    this.#errorCount += errorCount;
    this.#totalMs += elapsedMs;
    if (thresholdMs < 0 || elapsedMs < thresholdMs) return;
    this.#completed.set(id, { id, origin, document: requestDocument(engine, running) });
    const [oldest] = this.#completed.keys();
    if (oldest !== undefined && this.#completed.size > entriesMax) this.#completed.delete(oldest);
  }

  /** Stops a request. False if it is not under way. */
  stop(id: string): boolean {
    const running = this.#active.get(id);
    running?.stop();
    return running !== undefined;
  }

  /** Forgets a request that has ended. False if it is not logged. */
  forget(id: string): boolean {
    return this.#completed.delete(id);
  }
}
