import {
  CancelledError,
  CouchbaseError,
  CouchbaseInternalError,
  type ErrorDetails,
  ObjectDestroyedError,
  TimeoutError,
} from '@cb/protocol';
import { AsyncResult, type Errback, fireCallback, fireErrback } from '../results/async-result.js';
import { failedResult, Result } from '../results/results.js';
import { addAbortAction, removeAbortAction } from '../results/signals.js';
import type { HoldUp } from '../time/hold-up.js';
import { TimeLimit } from '../time/time-limit.js';
import type { ClusterView } from './cluster-view.js';
import type { Operation } from './operation.js';

/** What a composite may use of the bucket it runs on. */
export interface CompositeHost {
  /** Microseconds on the IOPS clock. */
  now(): number;
  randomBytes(count: number): Buffer;
  readonly cluster: ClusterView;
  /** Sends an operation; its deadline is set from its `timeoutMs`. */
  issue(operation: Operation): void;
  /** Calls back after this many milliseconds, or not at all once `cancel` was called. */
  after(ms: number, action: () => void): { cancel(): void };
  /** The composite has called back. */
  ended(composite: Composite<unknown>): void;
}

/** The steps of a composite, as its function sees them. All of them end at the one deadline of the composite. */
export interface CompositeSteps {
  /** Sends one operation and waits for its result, until the deadline or for this many milliseconds. */
  issue<R extends Result>(operation: Operation<R>, timeoutMs?: number): Promise<R>;
  sleep(ms: number): Promise<void>;
  /** Waits for something of the application. */
  until(promise: Promise<void>): Promise<void>;
  /** It was cancelled, or the bucket closed or destroyed. */
  readonly isEnded: boolean;
  /** Milliseconds left until the deadline. */
  readonly remainingMs: number;
  /** What else the bucket offers. */
  readonly host: CompositeHost;
}

/** A call that takes several operations, checked and ready to begin. */
export interface CompositeCall<R> {
  /** The method's name, for messages. */
  readonly name: string;
  readonly key: string;
  /** `Infinity` for a call that lasts as long as the application wants it; closing the bucket ends it. */
  readonly timeoutMs: number;
  /** It changes nothing, so that abandoning it is never ambiguous. Default false. */
  readonly idempotent?: boolean;
  /** It may begin before the bucket is connected. Default false. */
  readonly early?: boolean;
  /** Cancels it when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Takes the steps. Its first ones go out at once, with the other operations of this turn. */
  run(steps: CompositeSteps): Promise<R>;
}

/**
 * One call of the application that takes several operations: waiting for durability, reading from the first replica
 * that answers, editing under CAS. It has one deadline, and cancelling it cancels its operations in flight.
 */
export class Composite<R> extends AsyncResult<R> implements CompositeSteps {
  readonly host: CompositeHost;
  readonly #call: CompositeCall<R>;
  readonly #limit: TimeLimit;
  readonly #underWay = new Set<{ cancel(reason?: unknown): unknown }>();
  #ended: CouchbaseError | undefined = undefined;
  #done = false;
  #result: Result | undefined = undefined;
  #onAbort: (() => void) | undefined = undefined;

  constructor(host: CompositeHost, call: CompositeCall<R>) {
    super();
    this.host = host;
    this.#call = call;
    this.#limit = new TimeLimit(host.now(), call.timeoutMs);
    this.#cancelOn(call.signal);
    // A signal that was aborted before the call: nothing is sent.
    const steps = this.#ended === undefined ? call.run(this) : Promise.reject(this.#ended);
    steps.then(
      (result) => this.#succeed(result),
      (error: unknown) => this.#fail(error),
    );
  }

  get remaining(): number {
    return this.#done ? 0 : 1;
  }

  get allOk(): boolean {
    return this.#result === undefined || this.#result.success;
  }

  get(key: string): Result | undefined {
    return key === this.#call.key ? this.#result : undefined;
  }

  *[Symbol.iterator](): Iterator<[string, Result]> {
    if (this.#result !== undefined) yield [this.#call.key, this.#result];
  }

  get remainingMs(): number {
    return this.#limit.remainingMs(this.host.now());
  }

  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  issue<T extends Result>(operation: Operation<T>, timeoutMs = Number.POSITIVE_INFINITY): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#checkUnderWay();
      operation.timeoutMs = Math.min(Math.ceil(this.remainingMs), timeoutMs);
      const succeeded = (result: T): void => {
        this.#underWay.delete(operation);
        resolve(result);
      };
      const failed: Errback = (_result, _errorClass, error) => {
        this.#underWay.delete(operation);
        reject(error);
      };
      operation.setCallbacks(succeeded, failed);
      this.#underWay.add(operation);
      this.host.issue(operation);
    });
  }

  sleep(ms: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#checkUnderWay();
      const wait = this.host.after(Math.min(ms, this.remainingMs), () => {
        this.#underWay.delete(handle);
        resolve();
      });
      const handle = {
        cancel: () => {
          wait.cancel();
          reject(this.#ended);
        },
      };
      this.#underWay.add(handle);
    });
  }

  until(promise: Promise<void>): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#checkUnderWay();
      const handle = { cancel: () => reject(this.#ended) };
      this.#underWay.add(handle);
      promise.then(resolve, reject).finally(() => this.#underWay.delete(handle));
    });
  }

  cancel(reason?: unknown): boolean {
    if (this.#done || this.#ended !== undefined) return false;
    const { name, idempotent = false } = this.#call;
    this.abort(
      new CancelledError(`${name} was cancelled`, { ...this.#details(), cause: reason, ambiguous: !idempotent }),
    );
    return true;
  }

  extend(holdUp: HoldUp): void {
    this.#limit.extend(holdUp);
  }

  /** The bucket closes when all work has ended: cancels work that could otherwise run forever. */
  closing(): void {
    if (this.#call.timeoutMs === Number.POSITIVE_INFINITY) this.abort(this.#lostTo('closed'));
  }

  /** Ends with the error, or by default with an `ObjectDestroyedError`. */
  destroy(error: CouchbaseError | undefined): void {
    this.abort(error ?? this.#lostTo('destroyed'));
  }

  /** Ends with the error as soon as the operations in flight are cancelled. */
  abort(error: CouchbaseError): void {
    this.#ended ??= error;
    for (const each of this.#underWay) each.cancel(error);
  }

  #checkUnderWay(): void {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.remainingMs > 0) return;
    const { name, timeoutMs } = this.#call;
    throw new TimeoutError(`${name} did not end within ${Math.ceil(timeoutMs)} ms`, this.#details());
  }

  #lostTo(end: 'closed' | 'destroyed'): ObjectDestroyedError {
    const { name, idempotent = false } = this.#call;
    const message = `the bucket was ${end} before ${name} ended`;
    return new ObjectDestroyedError(message, { ...this.#details(), ambiguous: !idempotent });
  }

  #details(): ErrorDetails {
    const { name, key } = this.#call;
    return { operation: name, ...(key === '' ? {} : { key }) };
  }

  #cancelOn(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const onAbort = (): void => void this.cancel(signal.reason);
    this.#onAbort = onAbort;
    if (signal.aborted) onAbort();
    else addAbortAction(signal, onAbort);
  }

  #end(): void {
    this.#done = true;
    if (this.#onAbort !== undefined) removeAbortAction(this.#call.signal!, this.#onAbort);
    this.host.ended(this);
  }

  #succeed(result: R): void {
    if (this.#ended !== undefined) {
      this.#fail(this.#ended);
      return;
    }
    this.#end();
    if (result instanceof Result) this.#result = result;
    fireCallback(this, result);
  }

  #fail(thrown: unknown): void {
    this.#end();
    const { name, key } = this.#call;
    const error = this.#ended ?? asCouchbaseError(thrown, name);
    this.#result = failedResult(key, error);
    error.result ??= this.#result;
    fireErrback(this, error);
  }
}

function asCouchbaseError(thrown: unknown, name: string): CouchbaseError {
  if (thrown instanceof CouchbaseError) return thrown;
  return new CouchbaseInternalError(`${name} failed: ${String(thrown)}`, { operation: name, cause: thrown });
}
