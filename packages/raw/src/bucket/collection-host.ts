import type { MultiResult } from '../multi/multi-result.js';
import type { CollectionRef } from '../operation/collection-ref.js';
import type { CompositeCall } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation } from '../operation/operation.js';
import type { AsyncResult } from '../results/async-result.js';
import type { Result } from '../results/results.js';
import type { RawCollection } from './raw-collection.js';

/** A function that makes the calls of a pipeline. */
export type PipelineBuilder<C> = (pipeline: RawCollection) => C;

/** The results of calls, in their order. */
export type PipelineResults<C extends readonly AsyncResult<unknown>[]> = {
  -readonly [I in keyof C]: C[I] extends AsyncResult<infer R> ? R : never;
};

/** The host that a `RawCollection` makes its calls on. */
export interface CollectionHost {
  /** What operations inherit. */
  readonly context: OperationContext;
  /** Starts an operation. */
  start<R extends Result>(operation: Operation<R>): AsyncResult<R>;
  /** Starts all operations of a multi operation, at once. */
  startMulti<R extends Result>(multi: MultiResult<R>): MultiResult<R>;
  /** Begins a call that takes several operations, one after the other or in parallel. */
  compose<R>(call: CompositeCall<R>): AsyncResult<R>;
  /** Lets the function make its calls, on this host or on another one of the bucket, and starts all of them. */
  runPipeline(build: PipelineBuilder<unknown>, on?: CollectionHost): AsyncResult<unknown[]>;
  /** Returns what a log shows: names and states, never the credentials. */
  toJSON(): object;
}

/** What scopes and collections use of their bucket. */
export interface BucketHost extends CollectionHost {
  /** The name of the bucket. */
  readonly bucket: string;
  refOf(scope: string, collection: string): CollectionRef;
}
