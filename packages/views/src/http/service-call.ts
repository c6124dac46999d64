import {
  CancelledError,
  CouchbaseError,
  CouchbaseInternalError,
  type ErrorDetails,
  NetworkError,
  type RetryReason,
  type RetryStrategy,
  type Service,
  TimeoutError,
} from '@cb/raw';
import { addAbortAction, askStrategy, type BucketServices, removeAbortAction } from '@cb/raw/internal';
import { Countdown } from './countdown.js';
import {
  type AnswerHead,
  type AnswerReader,
  exchange,
  type Flow,
  type Outcome,
  type OutgoingRequest,
} from './exchange.js';
import type { ServiceRetryRule } from './retry-rules.js';
import type { ServiceClient, ServiceNode } from './service-client.js';

/** A request to a service, and how to interpret its failures. */
export interface ServiceRequest {
  /** The name of the call, for messages: `view beer/brewery_beers`. */
  readonly name: string;
  readonly service: Extract<Service, 'views' | 'query' | 'search' | 'mgmt'>;
  readonly method: OutgoingRequest['method'];
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
  /** Whether sending it twice has the same effect as sending it once. */
  readonly idempotent: boolean;
  readonly timeoutMs: number;
  /** Priority among waiting requests: greater ones go first. */
  readonly priority: number;
  /** Cancels the call when aborted: with the reason if that is a `CouchbaseError`, else with `CancelledError`. */
  readonly signal: AbortSignal | undefined;
  readonly retry: RetryStrategy;
  retryRule(status: number, body: string): ServiceRetryRule | undefined;
  /** Returns the error for a refusal that is not retried. */
  failure(head: AnswerHead, body: string, details: ErrorDetails): CouchbaseError;
}

/** A reader of an answer that knows its progress. */
export interface CallReader extends AnswerReader {
  /**
   * Delivers what was received of an attempt that broke. Returns whether anything was delivered to the application: a
   * retry would deliver it twice.
   */
  broke(): boolean;
  /** How much of the answer was received, for error messages. */
  readonly progress: string;
}

/** Milliseconds before each retry, for refusals that are always retried. */
const BACKOFF_MS = [1, 10, 50, 100, 500, 1000];

/** One call of a service: one or more attempts on any of its nodes, and one end. */
export class ServiceCall {
  readonly #client: ServiceClient;
  readonly #services: BucketServices;
  readonly #request: ServiceRequest;
  readonly #reader: CallReader;
  readonly #abort = new AbortController();
  readonly #countdown: Countdown;
  readonly #avoided = new Set<string>();
  readonly #reasons: RetryReason[] = [];
  /** The time of the first refusal by status, in microseconds. */
  readonly #firstRefusals = new Map<string, number>();
  #attempts = 0;
  #node: ServiceNode | undefined = undefined;
  #refusal: CouchbaseError | undefined = undefined;
  #state = 'waiting for a connection';

  constructor(client: ServiceClient, request: ServiceRequest, reader: CallReader) {
    this.#client = client;
    this.#services = client.services;
    this.#request = request;
    this.#reader = reader;
    this.#countdown = new Countdown(client.services, request.timeoutMs, () => this.#abort.abort(this.#timedOut()));
  }

  /** Carries the call out; see `ServiceClient.call`. */
  async run(): Promise<void> {
    const { signal } = this.#request;
    const onAbort = (): void => this.#cancel(signal?.reason);
    try {
      if (signal?.aborted === true) onAbort();
      else if (signal !== undefined) addAbortAction(signal, onAbort);
      this.#countdown.start();
      while (!(await this.#attempt()));
    } catch (thrown) {
      throw this.#asCouchbaseError(this.#abort.signal.aborted ? this.#abort.signal.reason : thrown);
    } finally {
      this.#countdown.stop();
      if (signal !== undefined) removeAbortAction(signal, onAbort);
    }
  }

  #cancel(reason: unknown): void {
    const details = { ...this.#details(), cause: reason, ambiguous: this.#isAmbiguous };
    const message = `${this.#request.name} was cancelled`;
    this.#abort.abort(reason instanceof CouchbaseError ? reason : new CancelledError(message, details));
  }

  /** Makes one attempt. True when the call is done; false when the next attempt must follow now. */
  async #attempt(): Promise<boolean> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    const node = this.#client.choose(this.#request.service, this.#avoided);
    this.#node = node;
    this.#state = `waiting for one of the ${this.#client.connectionsMax} connections to ${node.name}`;
    const outcome = await node.queue.add(() => this.#exchange(node), { priority: this.#request.priority, signal });
    signal.throwIfAborted();
    if (outcome.kind === 'complete') return true;
    const delayMs = outcome.kind === 'refused' ? this.#afterRefusal(outcome) : this.#afterBreak(outcome, node);
    if (delayMs > 0) await this.#sleep(delayMs);
    return false;
  }

  #exchange(node: ServiceNode): Promise<Outcome> {
    const { method, path, body, headers } = this.#request;
    const { credentials, userAgent } = this.#services.settings;
    this.#attempts++;
    this.#state = `waiting for the answer of ${node.name}`;
    const outgoing: OutgoingRequest = {
      ...node.address,
      ...{ method, path, body },
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(credentials === undefined ? {} : { authorization: credentials.basic() }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    };
    return exchange(this.#client.agent, outgoing, this.#timedReader(node), this.#abort.signal);
  }

  /** Returns a reader that stops the countdown while the application holds the answer back. */
  #timedReader(node: ServiceNode): AnswerReader {
    const reader = this.#reader;
    const countdown = this.#countdown;
    return {
      begin: (head, flow) => {
        this.#state = `reading the answer of ${node.name}`;
        reader.begin(head, pausing(flow, countdown));
      },
      chunk: (bytes) => reader.chunk(bytes),
    };
  }

  /** Returns the milliseconds until the next attempt; throws when there is none. */
  #afterRefusal({ head, body }: Outcome & { kind: 'refused' }): number {
    const { status, node } = head;
    const error = this.#request.failure(head, body, { ...this.#details(), status, node });
    const rule = this.#request.retryRule(status, body);
    if (rule === undefined || !this.#mayPass(rule, status)) throw error;
    this.#avoided.add(node);
    return this.#delay(rule.reason, rule.always, error);
  }

  /** Whether a refusal with this status may still pass. */
  #mayPass({ withinMs }: ServiceRetryRule, status: number): boolean {
    if (withinMs === undefined) return true;
    const now = this.#services.iops.now();
    const first = this.#firstRefusals.get(String(status)) ?? now;
    this.#firstRefusals.set(String(status), first);
    return now - first < withinMs * 1000;
  }

  #afterBreak({ error, sent }: Outcome & { kind: 'broken' }, node: ServiceNode): number {
    const { name, idempotent } = this.#request;
    const hasDelivered = this.#reader.broke();
    const ErrorClass = error.constructor as typeof NetworkError;
    const ambiguous = sent && !idempotent;
    const known = `${name} failed, ${this.#state}${this.#reader.progress}: ${error.message}`;
    const final = new ErrorClass(known, { ...this.#details(), cause: error, ambiguous });
    if (hasDelivered || ambiguous || !(error instanceof NetworkError)) throw final;
    this.#avoided.add(node.name);
    const reason = sent ? 'socket_closed_while_in_flight' : 'socket_not_available';
    const elsewhere = this.#client.hasOther(this.#request.service, this.#avoided);
    return elsewhere ? this.#noteRetry(reason, final) : this.#delay(reason, false, final);
  }

  #noteRetry(reason: RetryReason, error: CouchbaseError): number {
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason);
    this.#refusal = error;
    return 0;
  }

  #delay(reason: RetryReason, always: boolean, error: CouchbaseError): number {
    const { name, idempotent, retry } = this.#request;
    const attempts = this.#attempts;
    const { remainingMs } = this.#countdown;
    const random = this.#services.iops.randomBytes(1)[0]! / 256;
    const delayMs = always
      ? BACKOFF_MS[Math.min(attempts, BACKOFF_MS.length) - 1]!
      : askStrategy(retry, { operation: name, key: '', idempotent, reason, attempts, error, remainingMs, random });
    // An attempt that cannot begin before the deadline is not worth waiting for.
    if (delayMs === undefined || delayMs >= remainingMs) throw error;
    this.#noteRetry(reason, error);
    // All nodes were tried: the next attempt may go to any of them.
    if (!this.#client.hasOther(this.#request.service, this.#avoided)) this.#avoided.clear();
    this.#state = 'waiting for the next attempt';
    return Math.max(1, delayMs);
  }

  #sleep(ms: number): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        wait.cancel();
        reject(signal.reason);
      };
      const wait = this.#services.after(ms, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #timedOut(): TimeoutError {
    const { name, timeoutMs } = this.#request;
    const last = this.#refusal === undefined ? '' : `; before that: ${this.#refusal.message}`;
    const message = `${name} did not end within ${timeoutMs} ms: ${this.#state}${this.#reader.progress}${last}`;
    const status = this.#refusal?.status;
    return new TimeoutError(message, {
      ...this.#details(),
      ...(status === undefined ? {} : { status }),
      cause: this.#refusal,
      ambiguous: this.#isAmbiguous,
    });
  }

  get #isAmbiguous(): boolean {
    return !this.#request.idempotent && this.#attempts > 0;
  }

  #details(): ErrorDetails {
    return {
      operation: this.#request.name,
      attempts: this.#attempts,
      ...(this.#reasons.length === 0 ? {} : { retryReasons: [...this.#reasons] }),
      ...(this.#node === undefined ? {} : { node: this.#node.name }),
    };
  }

  #asCouchbaseError(thrown: unknown): CouchbaseError {
    if (thrown instanceof CouchbaseError) return thrown;
    const message = `${this.#request.name} failed: ${String(thrown)}`;
    return new CouchbaseInternalError(message, { ...this.#details(), cause: thrown });
  }
}

function pausing(flow: Flow, countdown: Countdown): Flow {
  return {
    pause: () => {
      countdown.stop();
      flow.pause();
    },
    resume: () => {
      countdown.start();
      flow.resume();
    },
  };
}
