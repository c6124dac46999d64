import { types } from 'node:util';
import { ArgumentError, type CouchbaseError, PipelineError } from '@cb/protocol';
import { soon } from '../iops/turns.js';
import type { MultiResult } from '../multi/multi-result.js';
import type { CompositeCall } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation } from '../operation/operation.js';
import { AsyncResult, fireCallback, fireErrback } from '../results/async-result.js';
import type { Result } from '../results/results.js';
import { describe } from '../values/argument-checks.js';
import type { CollectionHost, PipelineBuilder } from './collection-host.js';
import { RawCollection } from './raw-collection.js';

/** A call inside of a pipeline: what was returned for it, and how it is started. */
interface PipelinedCall {
  readonly token: AsyncResult<unknown>;
  begin(): AsyncResult<unknown>;
}

/** The pipelines of one bucket, of which one at a time is put together. */
export class Pipelines {
  #isOpen = false;

  /** Lets `build` make its calls, and starts all of them. What `build` throws is thrown: nothing is sent. */
  run(host: CollectionHost, build: PipelineBuilder<unknown>): AsyncResult<unknown[]> {
    if (this.#isOpen) throw new PipelineError('a pipeline cannot be opened inside of another one');
    if (typeof build !== 'function') throw new ArgumentError(`pipeline takes a function, not ${describe(build)}`);
    const pipeline = new PipelineHost(host);
    let wanted: unknown;
    this.#isOpen = true;
    try {
      wanted = build(new RawCollection(pipeline));
    } finally {
      this.#isOpen = false;
    }
    const calls = pipeline.close();
    const result = new PipelineResult(calls, wantedCalls(calls, wanted));
    result.begin();
    return result;
  }
}

/** Keeps the calls of a collection that are made inside of a pipeline until that is complete. */
class PipelineHost implements CollectionHost {
  readonly context: OperationContext;
  readonly #host: CollectionHost;
  readonly #calls: PipelinedCall[] = [];
  #isOpen = true;

  constructor(host: CollectionHost) {
    this.#host = host;
    this.context = host.context;
  }

  /** Takes no more calls, and gives those that it has. */
  close(): readonly PipelinedCall[] {
    this.#isOpen = false;
    return this.#calls;
  }

  toJSON(): object {
    return { ...this.#host.toJSON(), calls: this.#calls.length };
  }

  start<R extends Result>(operation: Operation<R>): AsyncResult<R> {
    // Skip operations cancelled before the pipeline was sent.
    return this.#add(operation, () => (operation.remaining === 0 ? operation : this.#host.start(operation)));
  }

  startMulti<R extends Result>(multi: MultiResult<R>): MultiResult<R> {
    return this.#add(multi, () => this.#host.startMulti(multi));
  }

  compose<R>(call: CompositeCall<R>): AsyncResult<R> {
    return this.#add(new Placeholder<R>(), () => this.#host.compose(call));
  }

  runPipeline(): never {
    throw new PipelineError('a pipeline cannot be opened inside of another one');
  }

  #add<A extends AsyncResult<unknown>>(token: A, begin: () => AsyncResult<unknown>): A {
    if (!this.#isOpen) throw new PipelineError('the pipeline is complete: it takes no more calls');
    this.#calls.push({ token, begin });
    return token;
  }
}

/** Stands for a call of several operations, which does not exist before it begins. */
class Placeholder<R> extends AsyncResult<R> {
  get remaining(): number {
    return 1;
  }

  get allOk(): boolean {
    return true;
  }

  get(): undefined {
    return undefined;
  }

  *[Symbol.iterator](): Iterator<[string, Result]> {}

  cancel(): boolean {
    return false;
  }
}

/**
 * What a pipeline returns: done when all of its calls are, with their results in the order of the calls (or those that
 * were asked for), or with the failure of the first call, in that order, that failed.
 */
class PipelineResult extends AsyncResult<unknown[]> {
  readonly #calls: readonly PipelinedCall[];
  /** Which results are delivered, as places in the calls. */
  readonly #wanted: readonly number[];
  readonly #begun: AsyncResult<unknown>[] = [];
  readonly #results: unknown[] = [];
  readonly #errors: (CouchbaseError | undefined)[] = [];
  #open: number;

  constructor(calls: readonly PipelinedCall[], wanted: readonly number[]) {
    super();
    this.#calls = calls;
    this.#wanted = wanted;
    this.#open = calls.length;
  }

  begin(): void {
    this.#calls.forEach(({ begin }, place) => {
      const call = begin();
      this.#begun.push(call);
      call.setCallbacks(
        (result) => this.#settle(place, result, undefined),
        (_result, _errorClass, error) => this.#settle(place, undefined, error),
      );
    });
    if (this.#open === 0) soon(() => fireCallback(this, []));
  }

  get remaining(): number {
    return this.#begun.reduce((sum, call) => sum + call.remaining, 0);
  }

  get allOk(): boolean {
    return this.#begun.every((call) => call.allOk);
  }

  /** The result of the last call on the key that has one. */
  get(key: string): Result | undefined {
    return this.#begun.map((call) => call.get(key)).findLast((result) => result !== undefined);
  }

  *[Symbol.iterator](): Iterator<[string, Result]> {
    for (const call of this.#begun) yield* call;
  }

  cancel(reason?: unknown): boolean {
    return this.#begun.map((call) => call.cancel(reason)).includes(true);
  }

  #settle(place: number, result: unknown, error: CouchbaseError | undefined): void {
    this.#results[place] = result;
    this.#errors[place] = error;
    if (--this.#open > 0) return;
    const failed = this.#errors.findIndex((each) => each !== undefined);
    if (failed === -1) {
      fireCallback(
        this,
        this.#wanted.map((each) => this.#results[each]),
      );
      return;
    }
    const first = this.#errors[failed]!;
    // Its key and operation are not enough: several calls may have them in common. An error that the application gave to
    // `destroy` may be frozen, and stays as it is.
    Reflect.set(first, 'callIndex', failed);
    fireErrback(this, first);
  }
}

/** Which results are delivered: those of the calls that were returned in an array, else all. */
function wantedCalls(calls: readonly PipelinedCall[], wanted: unknown): readonly number[] {
  if (!Array.isArray(wanted)) {
    if (types.isPromise(wanted)) {
      throw new ArgumentError('the function of a pipeline must not be async: what it calls is known when it returns');
    }
    return calls.map((_call, place) => place);
  }
  return wanted.map((token: unknown) => {
    const place = calls.findIndex((call) => call.token === token);
    if (place === -1) throw new ArgumentError('the function of a pipeline returns calls of this pipeline, or nothing');
    return place;
  });
}
