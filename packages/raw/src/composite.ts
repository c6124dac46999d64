import { CancelledError, CouchbaseError, CouchbaseInternalError, TimeoutError } from '@cb/protocol';
import { AsyncResult } from './async-result.js';
import type { Operation } from './operation.js';
import { failedResult, Result } from './results.js';

/** What a composite may use of the bucket it runs on. */
export interface CompositeHost {
  /** Microseconds on the IOPS clock. */
  now(): number;
  /** Sends an operation on its way; the deadline is set from its `timeoutMs`. */
  issue(operation: Operation): void;
  /** Calls back after so many milliseconds, or not at all once `cancel` was called. */
  after(ms: number, action: () => void): { cancel(): void };
  /** The composite has called back. */
  ended(composite: Composite<unknown>): void;
}

/** The steps of a composite, as its function sees them. All of them end at the one deadline of the composite. */
export interface CompositeSteps {
  /** Sends one operation and waits for its result. */
  issue<R extends Result>(operation: Operation<R>): Promise<R>;
  sleep(ms: number): Promise<void>;
  /** Milliseconds left until the deadline. */
  readonly remainingMs: number;
}

/** A call that takes several operations, checked and ready to begin. */
export interface CompositeCall<R> {
  /** The method's name, for messages. */
  readonly name: string;
  readonly key: string;
  readonly timeoutMs: number;
  /** Takes the steps. Its first ones go out at once, with the other operations of this turn. */
  run(steps: CompositeSteps): Promise<R>;
}

/**
 * One call of the application that takes several operations: waiting for durability, reading from whichever replica
 * answers first, editing under CAS. It has one deadline, and cancelling it cancels what is under way.
 */
export class Composite<R> extends AsyncResult<R> implements CompositeSteps {
  readonly #name: string;
  readonly #key: string;
  readonly #host: CompositeHost;
  readonly #deadline: number;
  readonly #timeoutMs: number;
  readonly #underWay = new Set<{ cancel(reason?: unknown): unknown }>();
  #ended: CouchbaseError | undefined = undefined;
  #done = false;
  #result: Result | undefined = undefined;

  constructor(host: CompositeHost, { name, key, timeoutMs, run }: CompositeCall<R>) {
    super();
    this.#host = host;
    this.#name = name;
    this.#key = key;
    this.#timeoutMs = timeoutMs;
    this.#deadline = host.now() + timeoutMs * 1000;
    run(this).then(
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
    return key === this.#key ? this.#result : undefined;
  }

  *[Symbol.iterator](): Iterator<[string, Result]> {
    if (this.#result !== undefined) yield [this.#key, this.#result];
  }

  get remainingMs(): number {
    return (this.#deadline - this.#host.now()) / 1000;
  }

  issue<T extends Result>(operation: Operation<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#checkUnderWay();
      operation.timeoutMs = this.remainingMs;
      operation.callback = (result) => {
        this.#underWay.delete(operation);
        resolve(result);
      };
      operation.errback = (_result, _errorClass, error) => {
        this.#underWay.delete(operation);
        reject(error);
      };
      this.#underWay.add(operation);
      this.#host.issue(operation);
    });
  }

  sleep(ms: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#checkUnderWay();
      const wait = this.#host.after(Math.min(ms, this.remainingMs), () => {
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

  cancel(reason?: unknown): boolean {
    if (this.#done || this.#ended !== undefined) return false;
    const details = { operation: this.#name, key: this.#key, cause: reason, ambiguous: true };
    this.abort(new CancelledError(`${this.#name} was cancelled`, details));
    return true;
  }

  /** Ends with the error as soon as what is under way has been called off. */
  abort(error: CouchbaseError): void {
    this.#ended ??= error;
    for (const each of this.#underWay) each.cancel(error);
  }

  #checkUnderWay(): void {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.remainingMs > 0) return;
    const message = `${this.#name} did not end within ${this.#timeoutMs} ms`;
    throw new TimeoutError(message, { operation: this.#name, key: this.#key });
  }

  #succeed(result: R): void {
    this.#done = true;
    this.#host.ended(this);
    if (result instanceof Result) this.#result = result;
    this.fireCallback(result);
  }

  #fail(thrown: unknown): void {
    this.#done = true;
    this.#host.ended(this);
    const error = this.#ended ?? asCouchbaseError(thrown, this.#name);
    this.#result = failedResult(this.#key, error);
    error.result ??= this.#result;
    this.fireErrback(error);
  }
}

function asCouchbaseError(thrown: unknown, name: string): CouchbaseError {
  if (thrown instanceof CouchbaseError) return thrown;
  return new CouchbaseInternalError(`${name} failed: ${String(thrown)}`, { operation: name, cause: thrown });
}
